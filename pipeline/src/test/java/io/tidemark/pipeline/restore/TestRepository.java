package io.tidemark.pipeline.restore;

import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.Unpooled;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.FixedKeyring;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.stage.ContentDigest;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A repository in memory whose key the test has, as an archiving node, or an insider, has it. */
final class TestRepository {
    static final String CLUSTER = "6f3c2a1e-0b4d-4c8e-9a57-1d2e3f405162";
    static final Instant ARCHIVED = Instant.parse("2026-11-27T03:00:00Z");

    private final MemoryStore store = new MemoryStore();
    private final FixedKeyring keyring = FixedKeyring.owning(SealingKeyset.create(), CLUSTER);
    private final SealedObjects objects = objects(store);

    MemoryStore store() {
        return store;
    }

    RestoreSource source() {
        return source("local", store);
    }

    /** The same objects seen through another store. */
    RestoreSource source(String name, ObjectStore through) {
        return new RestoreSource(
                name, through, objects(through), () -> keyring.derivations().pages());
    }

    private SealedObjects objects(ObjectStore through) {
        return new SealedObjects(through, CLUSTER, keyring, Schedulers.immediate());
    }

    FixedKeyring keyring() {
        return keyring;
    }

    /** Frames that expand to {@code plain}; {@code frames} as they are. */
    long put(ObjectName name, String kind, byte[] frames, byte[] plain) {
        Facts facts = Facts.of(kind, digest(plain), ARCHIVED, "test");
        PutReceipt receipt = objects.put(
                        name, SealedBody.ofFrames(() -> Flux.just(Unpooled.wrappedBuffer(frames.clone())), () -> facts))
                .block();
        if (!(receipt instanceof PutReceipt.Stored)) {
            throw new AssertionError("not stored: " + receipt);
        }
        return store.content(name.value()).length;
    }

    void putManifest(BackupLabel label, byte[] lines) {
        put(ObjectNames.manifest(Backups.SYSTEM, label), "manifest", frame(lines), lines);
    }

    TestRepository history(int timeline, String text) {
        byte[] file = text.getBytes(StandardCharsets.UTF_8);
        put(ObjectNames.history(Backups.SYSTEM, Wal.timeline(timeline)), "history", frame(file), file);
        return this;
    }

    /** Segments that open, but hold three bytes: a plan does not read them. */
    TestRepository wal(int timeline, long first, long last) {
        byte[] file = {1, 2, 3};
        for (long number = first; number <= last; number++) {
            WalSegmentName segment = Wal.segment(timeline, number);
            put(ObjectNames.segment(Backups.SYSTEM, segment), "wal", frame(file), file);
        }
        return this;
    }

    static byte[] frame(byte[] plain) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setChecksum(true).setContentSize(true).compress(plain);
        }
    }

    private static ContentDigest digest(byte[] plain) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(plain);
            return new ContentDigest(HexFormat.of().formatHex(sha256), plain.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
