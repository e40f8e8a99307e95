package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The full backup of a data directory whose server is stopped: an intent, packs, and, after all of them and after a last
 * look at the directory, the manifest, which makes it a backup (invariant 7).
 */
public final class DirectoryBackup {
    private final BackupParts parts;
    private final Node node;

    public DirectoryBackup(BackupParts parts, Node node) {
        this.parts = parts;
        this.node = node;
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
            Instant began = parts.clock().instant();
            Header header = header(source);
            return blocking(() -> source.plan(header)).flatMap(plan -> {
                parts.progress().expect(plan.bytes());
                return Mono.usingWhen(
                        Mono.fromCallable(() -> parts.begin(
                                header.label(), source.directory().control().blockSize())),
                        run -> stored(run, new StoppedClosing(source, plan), began),
                        parts::ended);
            });
        });
    }

    private Mono<BackupResult> stored(BackupRun run, StoppedClosing closing, Instant began) {
        SystemIdentifier system = closing.header().cluster().systemIdentifier();
        TargetSet set = parts.targetSet();
        BackupFlow flow = parts.flow(run, system, node, set);
        return flow.store(pieces(run, closing.source()))
                .then(Mono.defer(() -> flow.publish(closing)))
                .map(made -> BackupResult.of(
                        run,
                        closing.header(),
                        made.footer(),
                        closing.plan().warnings(),
                        set,
                        Duration.between(began, parts.clock().instant())));
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
                .subscribeOn(parts.files());
    }

    private void leftOut(String warning) {
        parts.events().report(Event.of(BackupEvent.NOT_BACKED_UP).with("what", warning));
    }

    private Mono<BackupSource> source(Path directory) {
        return blocking(() -> BackupSource.of(directory));
    }

    private Header header(BackupSource source) {
        return source.header(parts.newLabel(), node);
    }

    private <T> Mono<T> blocking(Callable<T> work) {
        return Mono.fromCallable(work)
                .subscribeOn(parts.files())
                .onErrorMap(IOException.class, SourceFailure::ofSource);
    }

    private static void closed(SourceReading reading) {
        try {
            reading.close();
        } catch (IOException e) {
            throw SourceFailure.ofSource(e);
        }
    }
}
