package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.pipeline.postgres.BaseBackupCommand.CheckpointMode;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A cluster, repositories and a backup over them, with few threads and a clock that stands. */
final class BackupBench implements AutoCloseable {
    static final long SEED = 20_261_127;
    static final Instant NOW = Instant.parse("2026-11-27T02:00:00Z");

    private final Path scratch;
    private final Scheduler cpu = Schedulers.newParallel("test-cpu", 2);
    private final Scheduler files = Schedulers.newBoundedElastic(4, 100, "test-files");
    private final Random random = new Random(SEED);
    private final List<Shelf> shelves = new ArrayList<>();
    private final List<BackupTarget> targets = new ArrayList<>();
    final FakeCluster cluster;
    BackupSettings settings;
    EventLog events = EventLog.silent();

    @Nullable
    TimelineId said;

    BackupBench(Path scratch) throws IOException {
        this.scratch = scratch;
        this.cluster = FakeCluster.at(scratch.resolve("data"), SEED);
        // small packs and small runs, so that small clusters have several
        this.settings = new BackupSettings(3, 4, 512 << 10, 2_000, scratch, "tidemark test");
    }

    Path scratch(String name) {
        return scratch.resolve(name);
    }

    /** A required repository in memory. */
    Shelf shelf() {
        return shelf("local", new MemoryStore(), Requirement.REQUIRED);
    }

    Shelf shelf(String name, ObjectStore store, Requirement requirement) {
        Shelf shelf = new Shelf(name, store, cpu);
        shelves.add(shelf);
        targets.add(shelf.target(requirement));
        return shelf;
    }

    DirectoryBackup backup() {
        return backup(targets, shelves.get(0));
    }

    /** A backup into this repository alone, which the caller closes. */
    DirectoryBackup backupTo(Shelf shelf, Requirement requirement) {
        return backup(List.of(shelf.target(requirement)), shelf);
    }

    private DirectoryBackup backup(List<BackupTarget> to, Shelf first) {
        return new DirectoryBackup(
                parts(to, first, Clock.fixed(NOW, ZoneOffset.UTC), EventLog.silent()), new Node("db1-0a1b2c"));
    }

    private BackupParts parts(List<BackupTarget> to, Shelf first, Clock clock, EventLog log) {
        return new BackupParts(to, first::pageDigests, settings, clock, random, cpu, files, log, Progress.silent());
    }

    BackupResult run() {
        return backup().run(cluster.root()).blockOptional().orElseThrow();
    }

    /** A backup of a server that is being served, into the shelves made so far. */
    OnlineBackup online(ServedCluster served, Clock clock) {
        return new OnlineBackup(
                parts(targets, shelves.get(0), clock, events),
                server -> new Node("db1-0a1b2c"),
                Mono.just(served),
                new OnlineBackup.Request(CheckpointMode.FAST, null, Duration.ofSeconds(60), said));
    }

    OnlineBackup online(ServedCluster served) {
        return online(served, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** Puts the segment that a served backup needs into a repository, as archive-push would. */
    void archiveWal(Shelf shelf) {
        assertThat(wal(shelf).block()).isNotNull();
    }

    void archiveHistory(Shelf shelf, TimelineId timeline, String text) {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(put(shelf, ObjectNames.history(Shelf.SYSTEM, timeline), "history", content)
                        .block())
                .isNotNull();
    }

    private Mono<PutReceipt> put(Shelf shelf, ObjectName name, String kind, byte[] content) {
        return shelf.objects()
                .put(
                        name,
                        SealedBody.ofFile(
                                () -> Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(content))),
                                digest -> Facts.of(kind, digest, NOW, "tidemark test"),
                                new Compress(3, cpu)));
    }

    Mono<PutReceipt> wal(Shelf shelf) {
        WalSegmentName segment = WalSegmentName.of(TimelineId.FIRST, ServedCluster.START, FakeCluster.SEGMENT);
        return put(shelf, ObjectNames.segment(Shelf.SYSTEM, segment), "wal", new byte[100]);
    }

    @Override
    public void close() {
        shelves.forEach(Shelf::close);
        cpu.dispose();
        files.dispose();
    }
}
