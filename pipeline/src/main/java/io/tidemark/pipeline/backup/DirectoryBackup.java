package io.tidemark.pipeline.backup;

import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.Busy;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The full backup of a data directory whose server is stopped: an intent, packs, and, after all of them and after a last
 * look at the directory, the manifest, which makes it a backup (invariant 7).
 */
public final class DirectoryBackup {
    private final List<BackupTarget> targets;
    private final Supplier<PageDigests> pageDigests;
    private final Node node;
    private final BackupSettings settings;
    private final Clock clock;
    private final RandomGenerator random;
    private final Scheduler cpu;
    private final Scheduler files;
    private final EventLog events;
    private final Progress progress;

    /**
     * @param targets at least one; all of one cluster
     * @param pageDigests makers of page-list entries, of the cluster's keyset; asked once a worker
     * @param cpu for compression and page digests
     * @param files for reading the directory and sorting the manifest
     */
    public DirectoryBackup(
            List<BackupTarget> targets,
            Supplier<PageDigests> pageDigests,
            Node node,
            BackupSettings settings,
            Clock clock,
            RandomGenerator random,
            Scheduler cpu,
            Scheduler files,
            EventLog events,
            Progress progress) {
        this.targets = List.copyOf(targets);
        this.pageDigests = pageDigests;
        this.node = node;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.cpu = cpu;
        this.files = files;
        this.events = events;
        this.progress = progress;
    }

    /** What a backup would take; nothing is written. Fails as {@link #run} does where the directory is unfit. */
    public Mono<BackupPlan> plan(Path directory) {
        return source(directory).flatMap(source -> blocking(() -> source.plan(header(source))));
    }

    /**
     * Backs the directory up.
     *
     * @return the backup, after it is durable in every required repository. Fails with the errors of the directory
     *     ({@code RefusedForSafety} where it is not stopped or changes, {@code NotInThisVersion} for pg_tde, {@code
     *     UsageError}, {@code IntegrityFailed}) and of the repositories; then there is no manifest, and packs are left to
     *     {@code repair}. Cancel ends it in the same way
     */
    public Mono<BackupResult> run(Path directory) {
        return source(directory).flatMap(source -> {
            Instant began = clock.instant();
            Header header = header(source);
            return blocking(() -> source.plan(header)).flatMap(plan -> {
                progress.expect(plan.bytes());
                return Mono.usingWhen(
                        Mono.fromCallable(() -> begin(source, header)), run -> stored(run, plan, began), this::ended);
            });
        });
    }

    private Mono<BackupResult> stored(BackupRun run, BackupPlan plan, Instant began) {
        TargetSet set = new TargetSet(targets, events);
        Intents intents = new Intents(set, run.header(), node, settings, clock, cpu);
        return intents.keep()
                .thenMany(packs(run))
                .concatMap(pack -> stored(run, set, pack).then(intents.keep()), 0)
                .then(manifest(run, plan))
                .flatMap(made -> published(run, set, made).thenReturn(made))
                .map(made -> result(run, set, plan, made, began));
    }

    /** Packs as they become whole: one is made while the one before is put. */
    private Flux<ReadyPack> packs(BackupRun run) {
        ChunkWork work = run.work();
        return pieces(run)
                .flatMapSequential(piece -> worked(work, piece), settings.chunksInFlight(), 1)
                .publishOn(files, 1)
                .concatMapIterable(piece -> packed(run, piece), 1)
                .concatWith(Flux.defer(() -> Flux.fromIterable(run.packing().end())))
                .doOnDiscard(ReadyPack.class, ReadyPack::release);
    }

    private Flux<Piece> pieces(BackupRun run) {
        return Flux.using(
                        run::reading,
                        reading -> Flux.<Piece>generate(sink -> {
                            try {
                                reading.next().ifPresentOrElse(sink::next, sink::complete);
                            } catch (IOException e) {
                                sink.error(SourceFailure.ofSource(e));
                            }
                        }),
                        reading -> closed(reading))
                .subscribeOn(files);
    }

    private Mono<Piece> worked(ChunkWork work, Piece piece) {
        return piece instanceof Chunk chunk
                ? Mono.<Piece>fromCallable(() -> work.done(chunk)).subscribeOn(cpu)
                : Mono.just(piece);
    }

    private List<ReadyPack> packed(BackupRun run, Piece piece) {
        if (piece instanceof Chunk chunk) {
            progress.advance(chunk.length());
        }
        try {
            return run.packing().accept(piece);
        } catch (IOException e) {
            throw SourceFailure.ofSpill(e);
        }
    }

    private static Mono<Void> stored(BackupRun run, TargetSet set, ReadyPack pack) {
        return Mono.using(
                () -> pack,
                held -> set.put(
                                ObjectNames.pack(system(run), run.header().label(), held.number()),
                                held.body(),
                                TargetSet::requireOurs)
                        .then(Mono.fromRunnable(() -> run.stored(held))),
                ReadyPack::release);
    }

    private Mono<ManifestMaking.Made> manifest(BackupRun run, BackupPlan plan) {
        return Mono.fromCallable(() -> run.manifest(plan))
                .subscribeOn(files)
                .onErrorMap(IOException.class, SourceFailure::ofSpill);
    }

    private Mono<Void> published(BackupRun run, TargetSet set, ManifestMaking.Made made) {
        return set.put(
                ObjectNames.manifest(system(run), run.header().label()),
                made.body(files),
                DirectoryBackup::requirePublished);
    }

    /** The manifest's name decides: another one there is the end of this backup. */
    private static Mono<Void> requirePublished(PutReceipt receipt) {
        boolean abandoned = receipt instanceof PutReceipt.Conflict conflict
                && conflict.theirs()
                        .text("backup")
                        .filter(BackupKind.ABANDONED.toString()::equals)
                        .isPresent();
        return abandoned
                ? Mono.error(new Busy("this backup took longer than its intent said and was declared abandoned: "
                        + receipt.name() + " is taken; nothing was published"))
                : TargetSet.requireOurs(receipt);
    }

    private BackupResult result(
            BackupRun run, TargetSet set, BackupPlan plan, ManifestMaking.Made made, Instant began) {
        Map<String, String> dropped = new TreeMap<>();
        set.dropped().forEach((name, why) -> dropped.put(name, String.valueOf(why.getMessage())));
        return new BackupResult(
                run.header(),
                made.footer(),
                run.storedBytes(),
                run.badFiles(),
                run.badFileCount(),
                plan.warnings(),
                targets.stream()
                        .map(BackupTarget::name)
                        .filter(name -> !dropped.containsKey(name))
                        .toList(),
                dropped,
                Duration.between(began, clock.instant()));
    }

    private Mono<BackupSource> source(Path directory) {
        return blocking(() -> BackupSource.of(directory));
    }

    private Header header(BackupSource source) {
        return source.header(BackupLabel.of(clock.instant(), random.nextInt()), node);
    }

    private BackupRun begin(BackupSource source, Header header) {
        ChunkTools.Box tools = new ChunkTools.Box(
                pageDigests, settings.level(), source.directory().control().blockSize());
        return new BackupRun(source, header, settings, clock, random, tools, events);
    }

    private Mono<Void> ended(BackupRun run) {
        return Mono.<Void>fromCallable(() -> {
                    run.close();
                    return null;
                })
                .subscribeOn(files);
    }

    private <T> Mono<T> blocking(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(files).onErrorMap(IOException.class, SourceFailure::ofSource);
    }

    private static void closed(SourceReading reading) {
        try {
            reading.close();
        } catch (IOException e) {
            throw SourceFailure.ofSource(e);
        }
    }

    private static SystemIdentifier system(BackupRun run) {
        return run.header().cluster().systemIdentifier();
    }
}
