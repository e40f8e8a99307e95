package io.tidemark.pipeline.backup;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.FixedKeyring;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.Extent;
import io.tidemark.pipeline.catalog.manifest.Layout;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk;
import io.tidemark.pipeline.catalog.manifest.LayoutLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Pack;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestReader;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** A repository in a test: sealed objects in a store, put by the code under test and read back here. */
final class Shelf implements AutoCloseable {
    static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77";
    static final SystemIdentifier SYSTEM = new SystemIdentifier(FakeCluster.SYSTEM);

    private final String name;
    private final ObjectStore store;
    private final FixedKeyring keyring;
    private final SealedObjects objects;

    Shelf(String name, ObjectStore store, Scheduler cpu) {
        this.name = name;
        this.store = store;
        this.keyring = FixedKeyring.owning(SealingKeyset.create(), CLUSTER);
        this.objects = new SealedObjects(store, CLUSTER, keyring, cpu);
    }

    BackupTarget target(Requirement requirement) {
        return new BackupTarget(name, requirement, objects);
    }

    PageDigests pageDigests() {
        return keyring.derivations().pages();
    }

    SealedObjects objects() {
        return objects;
    }

    List<String> names() {
        return store.list("")
                .map(object -> object.name().value())
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    long sizeOf(ObjectName object) {
        return store.stat(object).blockOptional().orElseThrow().sizeBytes();
    }

    List<String> manifests() {
        return names().stream().filter(found -> found.endsWith("/manifest")).toList();
    }

    List<ManifestLine> manifest(BackupLabel label) {
        return ManifestReader.lines(objects.file(ObjectNames.manifest(SYSTEM, label)), name + ": " + label)
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    Facts manifestFacts(BackupLabel label) {
        return objects.facts(ObjectNames.manifest(SYSTEM, label))
                .blockOptional()
                .orElseThrow();
    }

    Map<String, StoredFile> files(BackupLabel label) {
        return manifest(label).stream()
                .filter(StoredFile.class::isInstance)
                .map(StoredFile.class::cast)
                .collect(Collectors.toMap(file -> file.path().toString(), file -> file));
    }

    StoredFile file(BackupLabel label, String path) {
        StoredFile file = files(label).get(path);
        if (file == null) {
            throw new AssertionError("no file '" + path + "' in " + label);
        }
        return file;
    }

    /** The file's content, put together from its chunks. */
    byte[] content(BackupLabel label, StoredFile file) {
        Map<Integer, Pack> packs = manifest(label).stream()
                .filter(Pack.class::isInstance)
                .map(Pack.class::cast)
                .collect(Collectors.toMap(Pack::number, pack -> pack));
        return content(packs, file);
    }

    byte[] content(Map<Integer, Pack> packs, StoredFile file) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (file.layout() != null) {
            Layout layout = layout(packs, file);
            for (Extent extent : layout.extents(file.size(), FakeCluster.PAGE)) {
                byte[] chunk = extent.chunk() instanceof LayoutChunk.Stored stored
                        ? chunk(packs, stored.reference())
                        : new byte[(int) extent.chunk().length()];
                content.write(chunk, (int) extent.offsetInChunk(), (int) extent.length());
            }
        }
        return content.toByteArray();
    }

    Layout layout(Map<Integer, Pack> packs, StoredFile file) {
        return LayoutLine.read(chunk(packs, file.layoutReference().orElseThrow()));
    }

    private byte[] chunk(Map<Integer, Pack> packs, ChunkReference reference) {
        Pack pack = packs.get(reference.pack());
        if (pack == null) {
            throw new AssertionError("no pack " + reference.pack());
        }
        byte[] frame = content(
                ObjectNames.pack(SYSTEM, pack.label(), pack.number()),
                ByteRange.of(reference.offset(), reference.storedLength()),
                pack.objectLength());
        byte[] plain = Zstd.decompress(frame, reference.length());
        if (plain.length != reference.length()) {
            throw new AssertionError("chunk of " + plain.length + " bytes, expected " + reference.length());
        }
        return plain;
    }

    byte[] content(ObjectName object, ByteRange range, long sealedLength) {
        return collected(objects.content(object, range, sealedLength));
    }

    static byte[] collected(Flux<ByteBuf> source) {
        return source.reduceWith(ByteArrayOutputStream::new, (all, buffer) -> {
                    byte[] bytes = new byte[buffer.readableBytes()];
                    buffer.readBytes(bytes).release();
                    all.writeBytes(bytes);
                    return all;
                })
                .blockOptional()
                .orElseThrow()
                .toByteArray();
    }

    @Override
    public void close() {
        keyring.close();
    }
}
