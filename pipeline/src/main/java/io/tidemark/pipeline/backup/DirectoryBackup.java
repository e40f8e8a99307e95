package io.tidemark.pipeline.backup;

import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
                        Mono.fromCallable(() -> begin(source, header)),
                        run -> stored(run, new StoppedClosing(source, plan), began),
                        this::ended);
            });
        });
    }

    private Mono<BackupResult> stored(BackupRun run, StoppedClosing closing, Instant began) {
        SystemIdentifier system = closing.header().cluster().systemIdentifier();
        TargetSet set = new TargetSet(targets, events);
        Intents intents = new Intents(set, system, run.label(), node, settings, clock, cpu);
        BackupFlow flow = new BackupFlow(run, system, set, intents, cpu, files, progress);
        return flow.store(pieces(run, closing.source()))
                .then(Mono.defer(() -> flow.publish(closing)))
                .map(made -> BackupResult.of(
                        run,
                        closing.header(),
                        made.footer(),
                        closing.plan().warnings(),
                        set,
                        Duration.between(began, clock.instant())));
    }

    private Flux<Piece> pieces(BackupRun run, BackupSource source) {
        return Flux.using(
                        () -> new SourceReading(source.directory(), source.walk(this::leftOut), run.slots()),
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

    private void leftOut(String warning) {
        events.report(Event.of(BackupEvent.NOT_BACKED_UP).with("what", warning));
    }

    private Mono<BackupSource> source(Path directory) {
        return blocking(() -> BackupSource.of(directory));
    }

    private Header header(BackupSource source) {
        return source.header(BackupLabel.of(clock.instant(), random.nextInt()), node);
    }

    private BackupRun begin(BackupSource source, Header header) {
        int pageBytes = source.directory().control().blockSize();
        ChunkTools.Box tools = new ChunkTools.Box(pageDigests, settings.level(), pageBytes);
        return new BackupRun(header.label(), pageBytes, settings, clock, random, tools, events);
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
}
