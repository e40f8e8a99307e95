package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Abandoned;
import io.tidemark.pipeline.catalog.manifest.ManifestLineWriter;
import io.tidemark.pipeline.catalog.manifest.ManifestWriter;
import io.tidemark.pipeline.keys.FileIdentity;
import io.tidemark.pipeline.keys.GenerationMemory;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryKeyring;
import io.tidemark.pipeline.keys.RootExpectation;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import io.tidemark.sinks.local.LocalDirectoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Opens a repository from outside, with the production code but without a command. */
final class Repositories {
    private Repositories() {}

    /** What is done with an opened repository. */
    private interface Work {
        void on(LocalDirectoryStore store, SealedObjects objects);
    }

    /** Every visible object of the cluster's repository {@code local} opens, to its last byte; returns their facts by name. */
    static TreeMap<String, Facts> everyObjectOpens(Cluster cluster) throws IOException {
        TreeMap<String, Facts> opened = new TreeMap<>();
        opened(cluster, (store, objects) -> {
            for (StoredObject object : known(store.list("").collectList())) {
                ObjectName name = object.name();
                if (isSealed(name)) {
                    opened.put(name.value(), known(objects.verified(name)));
                }
            }
        });
        assertThat(opened).isNotEmpty();
        return opened;
    }

    /** Puts the manifest that declares a running backup abandoned, as {@code expire} does before it deletes anything of it. */
    static void abandon(Cluster cluster, String label) throws IOException {
        opened(cluster, (store, objects) -> {
            SystemIdentifier system = new SystemIdentifier(Long.parseUnsignedLong(known(store.list("")
                            .map(object -> object.name().value())
                            .filter(name -> name.contains("/backup/"))
                            .next())
                    .split("/")[0]));
            ManifestWriter writer = new ManifestWriter();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            text.writeBytes(writer.line(new Abandoned(new BackupLabel(label), new Node("other"))));
            text.writeBytes(ManifestLineWriter.write(writer.footer()));
            PutReceipt receipt = known(objects.put(
                    ObjectNames.manifest(system, new BackupLabel(label)),
                    SealedBody.ofFile(
                            () -> Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(text.toByteArray()))),
                            digest -> Facts.of("manifest", digest, Instant.now(), "other")
                                    .with("backup", "abandoned"),
                            new Compress(3, Schedulers.parallel()))));
            assertThat(receipt).isInstanceOf(PutReceipt.Stored.class);
        });
    }

    private static void opened(Cluster cluster, Work work) throws IOException {
        Path root = cluster.repository("local").resolve("prod");
        LocalDirectoryStore store = LocalDirectoryStore.open(root, Schedulers.boundedElastic(), new SecureRandom());
        RepositoryMarker marker =
                RepositoryMarker.parse(ByteBuffer.wrap(Files.readAllBytes(root.resolve("tidemark.json"))));
        KeysetAccess access = new KeysetAccess(
                List.of(new FileIdentity(new Box())),
                RootExpectation.notConfigured(),
                GenerationMemory.none(),
                warning -> {});
        try (RepositoryKeyring keys = known(RepositoryKeyring.open(access, store, marker))) {
            work.on(store, new SealedObjects(store, marker.cluster(), keys, Schedulers.parallel()));
        }
    }

    private static boolean isSealed(ObjectName name) {
        assertThat(ObjectNames.parse(name))
                .as("a name that Tidemark writes: " + name)
                .isPresent();
        return !name.equals(ObjectNames.MARKER) && !name.value().startsWith(ObjectNames.KEYS);
    }

    /** The value of a source that has one. */
    private static <T> T known(Mono<T> source) {
        T value = source.block();
        if (value == null) {
            throw new AssertionError("nothing came");
        }
        return value;
    }

    /** The key that {@link Cluster} writes into its key file. */
    private static final class Box implements KeyProvider {
        @Override
        public String name() {
            return "box";
        }

        @Override
        public Mono<FetchedKey> fetch(KeyReference reference) {
            return Mono.fromSupplier(() -> {
                byte[] key = new byte[32];
                Arrays.fill(key, (byte) 0x5a);
                return new FetchedKey(SecretBytes.copyOf(key), null, null, KeyState.NOT_KEPT);
            });
        }
    }
}
