package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.sinks.StoreException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Brings a cluster back: {@link #plan} looks at everything and writes nothing, {@link #run} does what the plan says.
 *
 * <p>Errors of both: {@code RefusedForSafety} (the place or the target), {@code IntegrityFailed} (something is missing, damaged or
 * hostile), {@code NotInThisVersion} (pg_tde), {@code UsageError}, and those of the repository.
 */
public final class Restore {
    private final Clock clock;
    private final Scheduler cpu;
    private final Scheduler files;
    private final RestoreCommandLine restoreCommand;

    public Restore(Clock clock, Scheduler cpu, Scheduler files, RestoreCommandLine restoreCommand) {
        this.clock = clock;
        this.cpu = cpu;
        this.files = files;
        this.restoreCommand = restoreCommand;
    }

    /**
     * Finds out how the request can be met, from the repository whose WAL goes furthest, the first one of equals.
     *
     * @param sources the repositories, in the order in which they are preferred; each is opened when it is asked. One that fails does not
     *     stand in the way of another
     * @return one plan; fails with the first repository's error where none can meet it
     */
    public Mono<RestorePlan> plan(RestoreRequest request, List<Mono<RestoreSource>> sources) {
        return Flux.fromIterable(sources)
                .concatMap(source -> attempt(request, source))
                .collectList()
                .flatMap(attempts -> chosen(request, attempts));
    }

    /** What one repository answered. */
    sealed interface Attempt {
        record Drafted(RestoreSource source, RestorePlan.Draft draft) implements Attempt {}

        record Failed(Throwable why) implements Attempt {}
    }

    private Mono<Attempt> attempt(RestoreRequest request, Mono<RestoreSource> source) {
        return source.flatMap(opened -> new RestorePlanner(opened, request, clock.instant())
                        .draft()
                        .<Attempt>map(draft -> new Attempt.Drafted(opened, draft)))
                .onErrorResume(Restore::isAnAnswer, e -> Mono.just(new Attempt.Failed(e)));
    }

    /** What the next repository may do better. A bug is none, nor what the caller asked wrongly. */
    private static boolean isAnAnswer(Throwable error) {
        return error instanceof StoreException
                || (error instanceof TidemarkException known && known.kind() != FailureKind.USAGE);
    }

    private Mono<RestorePlan> chosen(RestoreRequest request, List<Attempt> attempts) {
        List<Attempt.Drafted> drafted = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (Attempt attempt : attempts) {
            if (attempt instanceof Attempt.Drafted draft) {
                drafted.add(draft);
            } else if (attempt instanceof Attempt.Failed failed) {
                failures.add(failed.why());
            }
        }
        drafted.sort(
                Comparator.comparing((Attempt.Drafted one) -> one.draft().end()).reversed());
        return Flux.fromIterable(drafted)
                .concatMap(best -> new PlanCompletion(request, restoreCommand, clock, files)
                        .complete(best, drafted, failures)
                        .onErrorResume(Restore::isAnAnswer, e -> {
                            failures.add(e);
                            return Mono.empty();
                        }))
                .next()
                .switchIfEmpty(Mono.error(() -> failure(failures)));
    }

    private static Throwable failure(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return new IllegalStateException("a restore was asked of no repository");
        }
        Throwable first = failures.get(0);
        failures.stream().skip(1).forEach(first::addSuppressed);
        return first;
    }

    /**
     * Executes a plan. Interrupted at any moment it leaves a directory that PostgreSQL does not start in, and a marker in it; running the
     * same restore again completes it. Cancel stops writing.
     *
     * @return what a person should know afterwards, line by line, when the directory is whole and durable
     */
    public Mono<List<String>> run(RestorePlan plan, Progress progress) {
        return new Restoration(plan, progress, clock, cpu, files).run();
    }
}
