package io.tidemark.it.recover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.FileRecipient;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.KeyFile;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryRecipient;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.local.LocalDirectoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A repository of the first version, opened by this one, by recover.py and by Google's tink. */
class FrozenRepositoryTest {
    private final Scheduler files = Schedulers.newBoundedElastic(2, 100, "files");
    private final Scheduler cpu = Schedulers.newParallel("cpu", 2);

    @TempDir
    private Path temporary;

    static Stream<Frozen.Item> objects() {
        return Frozen.objects();
    }

    @AfterEach
    void stopThreads() {
        files.dispose();
        cpu.dispose();
    }

    @Test
    void repository_holdsEveryKindOfObjectAndIsSmall() throws IOException {
        TreeSet<String> kinds = new TreeSet<>();
        Frozen.objects().forEach(item -> kinds.add(item.kind()));
        List<Path> all;
        try (Stream<Path> walk = Files.walk(Frozen.REPOSITORY)) {
            all = walk.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (Path file : all) {
            bytes += Files.size(file);
        }

        assertThat(kinds).contains("wal", "history", "backup-history", "pack", "manifest", "intent");
        assertThat(Frozen.objects().map(Frozen.Item::name))
                .anyMatch(name -> name.contains(".partial."))
                .anyMatch(name -> name.contains(".again."))
                .anyMatch(name -> name.contains("/rival/"));
        assertThat(bytes).isLessThan(100 << 10);
        // the marker, two generations and the foreign object are the only ones that are not sealed
        assertThat(all).hasSize((int) Frozen.objects().count() + 4);
    }

    @ParameterizedTest
    @MethodSource("objects")
    void object_openedByTidemark_isTheFileThatItWas(Frozen.Item item) throws IOException {
        try (SealingKeyset keyset = keyset()) {
            SealedObjects sealed = sealed(keyset);
            ObjectName name = ObjectName.of(item.name());

            Facts facts = one(sealed.facts(name));
            byte[] file = bytes(sealed.file(name));

            assertThat(facts.kind()).isEqualTo(item.kind());
            assertThat(facts.size()).isEqualTo(item.size());
            assertThat(TestRoot.sha256(file)).isEqualTo(item.sha256()).isEqualTo(facts.sha256());
        }
    }

    @Test
    void foreignObject_openedByTidemark_isNamedAsSuch() throws IOException {
        try (SealingKeyset keyset = keyset()) {
            StepVerifier.create(sealed(keyset).facts(ObjectName.of(Frozen.foreign())))
                    .verifyError(ForeignObject.class);
        }
    }

    @Test
    void everyGeneration_opensForBothRecipientsAndHasTheRoot() throws IOException {
        for (int number = 1; number <= 2; number++) {
            Generation generation = generation(number);
            FileRecipient box = (FileRecipient) generation.recipients().get(0);
            RecoveryRecipient safe = (RecoveryRecipient) generation.recipients().get(1);
            try (SecretBytes key = KeyFile.parse(Files.readAllBytes(Frozen.KEY));
                    RecoveryPrivateKey recovery =
                            RecoveryPrivateKey.parsePem(Files.readString(Frozen.RECOVERY_KEY, UTF_8), null);
                    SealingKeyset byFile = box.unwrap(key, generation.context());
                    SealingKeyset byRecovery = safe.unwrap(recovery, generation.context())) {
                assertThat(byFile.newestFirst()).hasSize(number);
                assertThat(byRecovery.commitment()).isEqualTo(byFile.commitment());
                byFile.derive(Frozen.uuid()).requireRoot(Frozen.rootHex());
            }
            assertThat(generation.toJson())
                    .as("a generation is written as it was")
                    .isEqualTo(Files.readAllBytes(generationFile(number)));
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void object_openedByRecoverPy_isTheFileThatItWas(Frozen.Item item) {
        Python python = Python.forRecover();

        Python.Outcome byFile = python.recover(Frozen.ROOT, item.name(), "--key", Frozen.KEY);
        Python.Outcome byRecovery = python.recover(
                Frozen.ROOT, item.name(), "--recovery-key", Frozen.RECOVERY_KEY, "--root", Frozen.rootHex());

        assertThat(byFile.code()).as(byFile.err()).isZero();
        assertThat(TestRoot.sha256(byFile.bytes())).isEqualTo(item.sha256());
        assertThat(byFile.err()).contains(item.kind());
        assertThat(byRecovery.code()).as(byRecovery.err()).isZero();
        assertThat(TestRoot.sha256(byRecovery.bytes())).isEqualTo(item.sha256());
    }

    @Test
    void foreignObject_openedByRecoverPy_isAMismatch() {
        Python.Outcome outcome = Python.forRecover().recover(Frozen.ROOT, Frozen.foreign(), "--key", Frozen.KEY);

        assertThat(outcome.code()).isEqualTo(4);
        assertThat(outcome.err()).contains("foreign");
    }

    @Test
    void objects_openedByGooglesTink_giveTheSameContentAsHere() throws IOException {
        Python python = Python.withTink();
        List<Object> arguments = new ArrayList<>();
        StringBuilder expected = new StringBuilder();
        try (SealingKeyset keyset = keyset()) {
            arguments.add(TestRoot.write(
                    temporary.resolve("keyset.json"), keyset.json().copy(KeyAccess.insecure())));
            arguments.add(Frozen.ROOT);
            arguments.add(Frozen.uuid());
            Frozen.objects().map(Frozen.Item::name).forEach(name -> {
                arguments.add(name);
                expected.append(TestRoot.sha256(
                                TestRoot.unseal(keyset, Frozen.uuid(), name, Frozen.ROOT.resolve(name))))
                        .append(' ')
                        .append(name)
                        .append('\n');
            });
        }

        Python.Outcome outcome = python.script("open_with_tink.py", arguments.toArray());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(new String(outcome.bytes(), UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void backup_restoredByTidemark_isTheDirectoryThatItWas() throws IOException {
        Path key = Files.copy(Frozen.KEY, temporary.resolve("box.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path restored = temporary.resolve("restored");
        List<String> command = new ArrayList<>(List.of(
                Python.ROOT.resolve("deploy/bin/tidemark").toString(),
                "restore",
                "--to",
                restored.toString(),
                "--immediate"));
        for (String setting : List.of(
                "cluster.frozen.data-directory=" + temporary.resolve("origin"),
                "cluster.frozen.root=" + Frozen.rootHex(),
                "repository.only.directory=" + Frozen.REPOSITORY,
                "keys.provider.box.file=" + key)) {
            command.add("--set");
            command.add(setting);
        }

        Python.Outcome outcome = Python.run(command);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        for (Frozen.Item file : Frozen.files()) {
            // restore appends its settings to this one
            if (!file.name().equals("postgresql.auto.conf")) {
                assertThat(TestRoot.sha256(TestRoot.read(restored.resolve(file.name()))))
                        .as(file.name())
                        .isEqualTo(file.sha256());
            }
        }
    }

    private static Path generationFile(int number) {
        return Frozen.ROOT.resolve(String.format("keys/%08d.json", number));
    }

    private static Generation generation(int number) throws IOException {
        return Generation.parse(Files.readAllBytes(generationFile(number)));
    }

    private static SealingKeyset keyset() throws IOException {
        Generation newest = generation(2);
        try (SecretBytes key = KeyFile.parse(Files.readAllBytes(Frozen.KEY))) {
            return ((FileRecipient) newest.recipients().get(0)).unwrap(key, newest.context());
        }
    }

    private SealedObjects sealed(SealingKeyset keyset) throws IOException {
        RepositoryMarker marker =
                RepositoryMarker.parse(ByteBuffer.wrap(Files.readAllBytes(Frozen.ROOT.resolve("tidemark.json"))));
        assertThat(marker.cluster()).isEqualTo(Frozen.uuid());
        return new SealedObjects(
                LocalDirectoryStore.open(Frozen.ROOT, files, new SecureRandom()),
                marker.cluster(),
                new FixedKeyring(keyset),
                cpu);
    }

    private static byte[] bytes(Flux<ByteBuf> file) {
        return one(file.map(buffer -> {
                            byte[] bytes = ByteBufUtil.getBytes(buffer);
                            buffer.release();
                            return bytes;
                        })
                        .collect(ByteArrayOutputStream::new, ByteArrayOutputStream::writeBytes))
                .toByteArray();
    }

    private static <T> T one(Mono<T> mono) {
        List<T> found = new ArrayList<>();
        StepVerifier.create(mono).consumeNextWith(found::add).verifyComplete();
        return found.get(0);
    }
}
