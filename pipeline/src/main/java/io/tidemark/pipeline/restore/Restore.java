package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.sinks.StoreException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
    private final Reading reading;
    private final EventLog events;

    /**
     * How packs are read, not what becomes of them.
     *
     * @param rangeBytes the most that one request asks of a pack
     * @param parallel how many requests are under way at once
     */
    public record Reading(long rangeBytes, int parallel) {
        private static final long EXPANDED_BYTES = (long) ChunkReader.EXPANDED_AT_ONCE << 20;

        public Reading {
            if (rangeBytes < 1 || parallel < 1) {
                throw new IllegalArgumentException("ranges of " + rangeBytes + " bytes, " + parallel + " at once");
            }
        }

        /** The nearest to what is asked that keeps within half of a memory budget; the other half is the stores'. */
        public static Reading within(long memoryBytes, long rangeBytes, int parallel) {
            long range = Math.max(1, Math.min(rangeBytes, memoryBytes / 4));
            long fitting = Math.max(1, memoryBytes / 2 / (range + EXPANDED_BYTES));
            return new Reading(range, (int) Math.min(parallel, fitting));
        }
    }

    /**
     * A repository that may be restored from.
     *
     * @param opening opens it each time anew
     */
    public record Offer(String repository, Mono<RestoreSource> opening) {}

    /**
     * A restore that is whole and durable.
     *
     * @param plan the one that led there: not the first one where its repository failed
     * @param remarks what a person should know, line by line
     */
    public record Done(RestorePlan plan, List<String> remarks) {
        public Done {
            remarks = List.copyOf(remarks);
        }
    }

    public Restore(
            Clock clock,
            Scheduler cpu,
            Scheduler files,
            RestoreCommandLine restoreCommand,
            Reading reading,
            EventLog events) {
        this.clock = clock;
        this.cpu = cpu;
        this.files = files;
        this.restoreCommand = restoreCommand;
        this.reading = reading;
        this.events = events;
    }

    /**
     * Finds out how the request can be met, from the repository whose WAL goes furthest, the first one of equals.
     *
     * @param offers the repositories, in the order in which they are preferred; each is opened when it is asked. One that fails does not
     *     stand in the way of another
     * @return one plan; fails with the first repository's error where none can meet it
     */
    public Mono<RestorePlan> plan(RestoreRequest request, List<Offer> offers) {
        return plan(request, offers, null);
    }

    /** @param before what this very run has left in the directory; null where it has not begun */
    Mono<RestorePlan> plan(RestoreRequest request, List<Offer> offers, @Nullable Unfinished before) {
        return Flux.fromIterable(offers)
                .concatMap(offer -> attempt(request, offer.opening()))
                .collectList()
                .flatMap(attempts -> chosen(request, attempts, before));
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

    private Mono<RestorePlan> chosen(RestoreRequest request, List<Attempt> attempts, @Nullable Unfinished before) {
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
                .concatMap(best -> new PlanCompletion(request, restoreCommand, before, clock, files)
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
     * same restore again completes it. Cancel stops writing. Where the plan's repository fails on the way, the others are planned with, and
     * the best of these plans is carried out in the same directory.
     *
     * @param offers the other repositories; the plan's own among them is not asked again
     * @param anew is told each plan that takes over
     * @return when the directory is whole and durable; fails with the first repository's error where no other one can take over
     */
    public Mono<Done> run(RestorePlan plan, List<Offer> offers, Progress progress, Consumer<RestorePlan> anew) {
        return Mono.defer(() -> new Failover(this, progress, events, anew).run(plan, offers));
    }

    /** @param before what this very run has left in the directory; null where it has not begun */
    Restoration restoration(RestorePlan plan, @Nullable Unfinished before, Progress progress) {
        return new Restoration(plan, before, progress, reading, clock, cpu, files);
    }
}
