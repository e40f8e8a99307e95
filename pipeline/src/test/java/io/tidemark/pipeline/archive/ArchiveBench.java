package io.tidemark.pipeline.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.AdmissionMemory;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.FixedKeyring;
import io.tidemark.pipeline.catalog.Keyring;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.ArchiveGetSettings;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.stage.Bytes;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.pipeline.wal.MadeSegment;
import io.tidemark.pipeline.wal.WalFileName;
import io.tidemark.pipeline.wal.WalFixtures;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A data directory of a cluster with 1 MiB segments, and repositories of it in whatever stores a test brings. */
final class ArchiveBench implements AutoCloseable {
    static final int MIB = 1 << 20;
    static final long SYSTEM = WalFixtures.CLUSTER_SYSTEM;
    static final SystemIdentifier SYSTEM_ID = new SystemIdentifier(SYSTEM);
    static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77";
    static final String SEGMENT = "00000001000000000000000F";
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-27T03:00:00Z"), ZoneOffset.UTC);

    final Scheduler cpu = Schedulers.newParallel("cpu", 2);
    final Scheduler files = Schedulers.newBoundedElastic(16, 1000, "files");
    final List<Event> events = new CopyOnWriteArrayList<>();
    final Path data;
    Duration deadline = Duration.ofSeconds(60);
    Duration patience = Duration.ZERO;
    AdmissionMemory admissions = AdmissionMemory.none();
    final SealingKeyset keyset;
    private final KeysetDerivations derivations;
    private final List<ConfiguredRepository> repositories = new ArrayList<>();

    ArchiveBench(Path data) throws IOException {
        this(data, SealingKeyset.create());
    }

    private ArchiveBench(Path data, SealingKeyset keyset) throws IOException {
        this.data = data;
        this.keyset = keyset;
        this.derivations = keyset.derive(CLUSTER);
        Files.createDirectories(data.resolve("global"));
        Files.createDirectories(data.resolve("pg_wal"));
        Files.write(data.resolve("global/pg_control"), Arrays.copyOf(WalFixtures.clusterControl(), 8192));
    }

    /** Adds a required repository. */
    ArchiveBench required(String name, ObjectStore store) {
        repositories.add(configured(name, Requirement.REQUIRED, Mono.fromSupplier(() -> repository(name, store))));
        return this;
    }

    ArchiveBench optional(String name, ObjectStore store) {
        repositories.add(configured(name, Requirement.OPTIONAL, Mono.fromSupplier(() -> repository(name, store))));
        return this;
    }

    ArchiveBench opening(String name, Requirement requirement, Mono<Repository> opening) {
        repositories.add(configured(name, requirement, opening));
        return this;
    }

    private static ConfiguredRepository configured(String name, Requirement requirement, Mono<Repository> opening) {
        return new ConfiguredRepository(name, requirement, opening);
    }

    Repository repository(String name, ObjectStore store) {
        RepositoryMarker marker = RepositoryMarker.of(CLUSTER, "0".repeat(32), CLOCK.instant());
        Keyring keyring = FixedKeyring.lent(keyset, derivations);
        return new Repository(
                name, Requirement.REQUIRED, store, marker, keyring, new SealedObjects(store, CLUSTER, keyring, cpu));
    }

    WalArchiver archiver() {
        return new WalArchiver(
                repositories,
                Origin.read(data),
                new WalArchiver.Settings("node-000000", "tidemark test", deadline),
                new Compress(1, cpu),
                admissions,
                CLOCK,
                files,
                events::add);
    }

    Mono<Void> push(String file) {
        return archiver().push(Path.of("pg_wal", file));
    }

    WalFetcher fetcher() {
        return new WalFetcher(
                repositories,
                Origin.read(data),
                new ArchiveGetSettings(deadline, patience),
                files,
                new SecureRandom(),
                events::add);
    }

    Mono<Answer> fetch(String file) {
        return fetch(file, null);
    }

    Mono<Answer> fetch(String file, @Nullable String through) {
        return fetcher()
                .fetch(new FetchRequest(
                        WalFileName.parse(file).orElseThrow(),
                        Path.of("pg_wal", "RECOVERYXLOG"),
                        through == null ? null : WalFixtures.name(through)));
    }

    byte[] fetched() throws IOException {
        return Files.readAllBytes(data.resolve("pg_wal/RECOVERYXLOG"));
    }

    /** A whole segment of this cluster, different for each seed. */
    static byte[] segment(String name, long seed) {
        return MadeSegment.of(name, MIB, SYSTEM, seed).full();
    }

    Path offer(String file, byte[] content) throws IOException {
        return Files.write(data.resolve("pg_wal").resolve(file), content);
    }

    /** Puts a sealed object straight into a store. */
    void plant(ObjectStore store, ObjectName name, byte[] file, String kind) {
        PutReceipt receipt = repository("planted", store)
                .objects()
                .put(
                        name,
                        SealedBody.ofFile(
                                () -> Bytes.cut(file, 65_536),
                                digest -> Facts.of(kind, digest, CLOCK.instant(), "test"),
                                new Compress(1, cpu)))
                .block();
        assertThat(receipt).isInstanceOf(PutReceipt.Stored.class);
    }

    List<String> told() {
        return events.stream().map(event -> event.kind().code()).toList();
    }

    @Override
    public void close() {
        cpu.disposeGracefully().block(Duration.ofSeconds(10));
        files.disposeGracefully().block(Duration.ofSeconds(10));
        derivations.close();
        keyset.close();
    }
}
