package io.tidemark.pipeline.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.stage.Bytes;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Sealed objects in a store that lies, forgets and is written to by others. */
final class SealedObjectsTest {
    private static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77";
    private static final ObjectName NAME = ObjectName.of("1/wal/00000001.history");
    private static final long SEED = 20261127;

    private final Scheduler cpu = Schedulers.newParallel("cpu", 2);
    private final SealingKeyset first = SealingKeyset.create();
    private final SealingKeyset rotated = first.withNewPrimary();
    private final MemoryStore store = new MemoryStore();
    private final byte[] file = Bytes.random(400_000, SEED);

    @AfterEach
    void close() {
        cpu.disposeGracefully().block(Duration.ofSeconds(10));
        rotated.close();
        first.close();
    }

    @Test
    void put_thenFileFactsAndRanges_agree() {
        SealedObjects objects = objects(store, first);

        PutReceipt receipt = put(objects, file);

        assertThat(receipt).isInstanceOf(PutReceipt.Stored.class);
        assertThat(Bytes.joined(objects.file(NAME)).block()).isEqualTo(file);
        Facts facts = objects.facts(NAME).block();
        assertThat(facts).isNotNull();
        assertThat(facts.size()).isEqualTo(file.length);
        assertThat(facts.text("note")).contains("here");
        assertThat(facts.toJson())
                .isEqualTo(((PutReceipt.Stored) receipt).facts().toJson());
    }

    @Test
    void put_ofTheSameAgain_writesNothing_andOfOther_isAConflict() {
        SealedObjects objects = objects(store, first);
        put(objects, file);
        byte[] stored = store.content(NAME.value());

        assertThat(put(objects, file)).isInstanceOf(PutReceipt.AlreadyStored.class);
        assertThat(put(objects, Bytes.random(10, 1))).isInstanceOf(PutReceipt.Conflict.class);
        assertThat(store.content(NAME.value())).isEqualTo(stored);
    }

    @Test
    void put_whoseAnswerWasLost_isItsOwn() {
        StoreUnavailable lost = new StoreUnavailable("lost", null);

        assertThat(put(objects(FaultyStore.of(store, Fault.put().nth(1).losesItsAnswer(lost)), first), file))
                .isInstanceOf(PutReceipt.Stored.class);
    }

    @Test
    void put_thatFailedForGood_saysSo() {
        StoreUnavailable down = new StoreUnavailable("down", null);

        StepVerifier.create(objects(FaultyStore.of(store, Fault.put().fails(down)), first)
                        .put(NAME, body(file)))
                .verifyErrorMatches(error -> error == down);
        StepVerifier.create(objects(FaultyStore.of(store, Fault.put().losesItsAnswer(down)), first)
                        .put(NAME, body(file)))
                .verifyErrorMatches(error -> error == down);
    }

    @Test
    void put_ontoDamage_isForeign() {
        for (byte[] planted : new byte[][] {{}, new byte[39], new byte[40], new byte[100_000]}) {
            store.plant(NAME.value(), planted);

            assertThat(put(objects(store, first), file)).isInstanceOf(PutReceipt.Foreign.class);
        }
    }

    @Test
    void objectOfANewerGeneration_isReadAfterKeysWereReadAgain_once() {
        put(objects(store, rotated), file);
        AtomicInteger refreshes = new AtomicInteger();

        SealedObjects old = new SealedObjects(store, CLUSTER, new Keys(first, rotated, refreshes), cpu);

        assertThat(Bytes.joined(old.file(NAME)).block()).isEqualTo(file);
        assertThat(refreshes).hasValue(1);
        assertThat(old.facts(NAME).block()).isNotNull();
    }

    @Test
    void objectThatNoKeyOpens_isForeign_afterOneLook() {
        try (SealingKeyset other = SealingKeyset.create()) {
            put(objects(store, other), file);
            AtomicInteger refreshes = new AtomicInteger();
            SealedObjects ours = new SealedObjects(store, CLUSTER, new Keys(first, first, refreshes), cpu);

            StepVerifier.create(ours.file(NAME)).verifyError(ForeignObject.class);
            assertThat(refreshes).hasValue(1);
            StepVerifier.create(ours.facts(NAME)).verifyError(ForeignObject.class);
        }
    }

    @Test
    void objectThatIsNotThere_isMissing() {
        StepVerifier.create(objects(store, first).file(NAME)).verifyError(ObjectMissing.class);
        StepVerifier.create(objects(store, first).facts(NAME)).verifyError(ObjectMissing.class);
    }

    @Test
    void everyCutAndFlip_ofASmallObject_isSeen() {
        put(objects(store, first), "small".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] sealed = store.content(NAME.value());
        for (int at = 0; at < sealed.length; at++) {
            byte[] flipped = sealed.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            store.plant(NAME.value(), flipped);
            refused(objects(store, first).file(NAME));
            refused(objects(store, first).facts(NAME).flux());
            store.plant(NAME.value(), Arrays.copyOf(sealed, at));
            refused(objects(store, first).file(NAME));
            refused(objects(store, first).facts(NAME).flux());
        }
    }

    @Test
    void ranges_ofContent_areExact() {
        SealedObjects objects = objects(store, first);
        put(objects, file);
        long sealed = store.content(NAME.value()).length;
        int length = (int) SealGeometry.plainLength(sealed);
        byte[] all = Bytes.joined(objects.content(NAME, ByteRange.of(0, length), sealed))
                .block();
        assertThat(all).isNotNull();
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            int from = random.nextInt(length);
            int size = random.nextInt(round % 2 == 0 ? 100 : length - from + 1);
            size = Math.min(size, length - from);

            assertThat(Bytes.joined(objects.content(NAME, ByteRange.of(from, size), sealed))
                            .block())
                    .as("seed " + SEED + " from " + from + " size " + size)
                    .isEqualTo(Arrays.copyOfRange(all, from, from + size));
        }
    }

    @Test
    void ranges_underAWrongLength_areRefused() {
        SealedObjects objects = objects(store, first);
        put(objects, file);
        long sealed = store.content(NAME.value()).length;

        refused(objects.content(NAME, ByteRange.of(0, 10), SealGeometry.SEGMENT_BYTES));
        refused(objects.content(NAME, ByteRange.of(SealGeometry.plainLength(sealed) - 5, 10), sealed));
        refused(objects.content(NAME, ByteRange.of(0, 10), 41));
    }

    @Test
    void file_overItsLimit_isRefused() {
        SealedObjects objects = objects(store, first);
        put(objects, file);

        refused(objects.file(NAME, file.length - 1, facts -> {}));
        assertThat(Bytes.joined(objects.file(NAME, file.length, facts -> {})).block())
                .isEqualTo(file);
    }

    @Test
    void facts_thatDescribeAnotherFile_areRefused() {
        SealedObjects objects = objects(store, first);
        SealedBody lying = SealedBody.ofFrames(
                () -> Bytes.cut(file, 65_536).transform(new Compress(1, cpu)::apply),
                () -> Facts.of(
                        "test", new io.tidemark.pipeline.stage.ContentDigest("0".repeat(64), 1), Instant.EPOCH, "t"));
        assertThat(objects.put(NAME, lying).block()).isInstanceOf(PutReceipt.Stored.class);

        refused(objects.file(NAME));
    }

    @Test
    void file_cancelledMidway_releasesEverything() {
        SealedObjects objects = objects(store, first);
        put(objects, file);

        StepVerifier.create(objects.file(NAME), 1)
                .consumeNextWith(ByteBuf::release)
                .thenCancel()
                .verify();
    }

    private static void refused(Flux<?> flux) {
        StepVerifier.create(flux.doOnNext(io.netty.util.ReferenceCountUtil::safeRelease)
                        .then())
                .verifyErrorMatches(error -> error instanceof ForeignObject
                        || error instanceof IntegrityFailed
                        || error instanceof io.tidemark.sinks.IntegrityFailed);
    }

    private SealedBody body(byte[] content) {
        return SealedBody.ofFile(
                () -> Bytes.cut(content, 65_536),
                digest -> Facts.of("test", digest, Instant.EPOCH, "test").with("note", "here"),
                new Compress(1, cpu));
    }

    private PutReceipt put(SealedObjects objects, byte[] content) {
        PutReceipt receipt = objects.put(NAME, body(content)).block();
        assertThat(receipt).isNotNull();
        return receipt;
    }

    private SealedObjects objects(ObjectStore in, SealingKeyset keyset) {
        return new SealedObjects(in, CLUSTER, new Keys(keyset, keyset, new AtomicInteger()), cpu);
    }

    private record Keys(SealingKeyset keyset, SealingKeyset later, AtomicInteger refreshes) implements Keyring {
        @Override
        public int generation() {
            return 1;
        }

        @Override
        public KeysetDerivations derivations() {
            return keyset.derive(CLUSTER);
        }

        @Override
        public SealingKey sealing() {
            return keyset.primary();
        }

        @Override
        public Mono<SealingKeyset> refresh() {
            refreshes.incrementAndGet();
            return Mono.just(later);
        }

        @Override
        public void close() {
            // the test closes its keysets
        }
    }
}
