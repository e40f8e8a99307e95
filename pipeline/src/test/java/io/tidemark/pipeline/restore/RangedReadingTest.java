package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.RecordingStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Row ST5: packs are read in ranges of the configured size, as many at once as configured, and nothing twice. */
final class RangedReadingTest {
    private static final int MIB = 1 << 20;
    private static final Header HEADER =
            Backups.header("20261127T020000Z-0a1b2c", 1, "0/3000028", "0/30000A0", "2026-11-27T02:00:00Z");

    private final TestRepository repository = new TestRepository();
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();

    @TempDir
    private Path scratch;

    @AfterEach
    void wipe() {
        repository.keyring().close();
        clock.dispose();
    }

    /** Twelve chunks of 1 MiB that do not compress, so each frame is a little longer. */
    @ParameterizedTest
    @CsvSource({"4, 3, 4", "4, 1, 4", "64, 8, 1", "1, 5, 12"})
    void largeFile_isReadInRangesOfTheSizeSoManyAtOnce(int rangeMib, int parallel, int ranges) {
        byte[] content = Bytes.random(12 * MIB, 5);
        TestBackup.ofDirectory(HEADER).file("base/5/1", content).store(repository);
        repository.wal(1, 3, 4);
        boolean[] slow = new boolean[1];
        Mono<Void> second = Mono.delay(Duration.ofSeconds(1), clock).then();
        RecordingStore store =
                new RecordingStore(repository.store(), Mono.defer(() -> slow[0] ? second : Mono.empty()));
        CountedStore counted = new CountedStore(store);
        Path target = scratch.resolve("data");
        RestorePlan plan = Running.plan(RestoreRequest.latest(target), repository.source("local", counted));
        store.taken();
        slow[0] = true;
        long longest = rangeMib == 1 ? MIB + 4096 : (long) rangeMib * MIB;

        run(plan, new Restore.Reading((long) rangeMib * MIB, parallel));

        List<String> ofPack = store.taken().stream()
                .filter(request -> request.contains("/pack/"))
                .toList();
        List<Long> large = store.ranges().stream()
                .map(range -> range.length())
                .filter(length -> length > MIB / 2)
                .toList();
        assertThat(target.resolve("base/5/1")).hasBinaryContent(content);
        assertThat(large).hasSize(ranges).allMatch(length -> length <= longest + 2L * SealGeometry.SEGMENT_BYTES);
        assertThat(ofPack.stream().filter(request -> request.endsWith(" 0+40")))
                .as("the header of the pack, once")
                .hasSize(1);
        assertThat(counted.most.get()).isEqualTo(Math.min(parallel, ranges));
    }

    @Test
    void runs_joinWhatLiesSideBySideAndNothingElse() {
        ChunkReference first = new ChunkReference(1, 0, 100, 200);
        ChunkReference second = new ChunkReference(1, 100, 50, 200);
        ChunkReference apart = new ChunkReference(1, 151, 50, 200);
        ChunkReference elsewhere = new ChunkReference(2, 201, 50, 200);

        List<ChunkRun> runs = ChunkRun.of(List.of(elsewhere, second, apart, first), 1000);

        assertThat(runs)
                .extracting(ChunkRun::chunks)
                .containsExactly(List.of(first, second), List.of(apart), List.of(elsewhere));
        assertThat(runs.get(0).range().offset()).isZero();
        assertThat(runs.get(0).range().length()).isEqualTo(150);
        assertThat(ChunkRun.of(List.of(first, second), 149)).hasSize(2);
        assertThat(ChunkRun.of(List.of(first), 10))
                .as("a chunk that is longer, alone")
                .hasSize(1);
        assertThat(ChunkRun.of(List.of(), 10)).isEmpty();
    }

    @Test
    void reading_keepsWithinTheMemory() {
        assertThat(Restore.Reading.within(256L * MIB, 8L * MIB, 8)).isEqualTo(new Restore.Reading(8L * MIB, 8));
        assertThat(Restore.Reading.within(64L * MIB, 8L * MIB, 8)).isEqualTo(new Restore.Reading(8L * MIB, 3));
        assertThat(Restore.Reading.within(16L * MIB, 64L * MIB, 8)).isEqualTo(new Restore.Reading(4L * MIB, 1));
    }

    private void run(RestorePlan plan, Restore.Reading reading) {
        boolean[] done = new boolean[1];
        Disposable running = Running.restore(reading, EventLog.silent())
                .run(plan, List.of(), Progress.silent(), anew -> {})
                .doOnSuccess(result -> done[0] = true)
                .subscribe();
        for (int seconds = 0; !running.isDisposed() && seconds < 1000; seconds++) {
            clock.advanceTimeBy(Duration.ofSeconds(1));
        }
        assertThat(done[0]).as("done").isTrue();
    }

    /** How many ranges of packs, their headers aside, were under way at once. */
    private static final class CountedStore extends ForwardingStore {
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        CountedStore(ObjectStore store) {
            super(store);
        }

        @Override
        public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
            if (!name.value().contains("/pack/") || range.length() == SealGeometry.HEADER_BYTES) {
                return store().get(name, range);
            }
            return store().get(name, range)
                    .doOnSubscribe(begun -> most.accumulateAndGet(underWay.incrementAndGet(), Math::max))
                    .doOnTerminate(underWay::decrementAndGet);
        }
    }
}
