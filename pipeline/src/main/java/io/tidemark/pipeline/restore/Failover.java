package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Carries a plan out, and where its repository fails in the middle goes on with the others: they are planned with anew, each by what it
 * has itself, and what was written so far is written again or, where it is another backup's, replaced. A repository that failed once is
 * not asked again, not even for WAL. One use.
 */
final class Failover {
    private final Restore restore;
    private final Progress progress;
    private final EventLog events;
    private final Consumer<RestorePlan> anew;
    // one step at a time
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** @param anew is told each plan that takes over, before it is carried out */
    Failover(Restore restore, Progress progress, EventLog events, Consumer<RestorePlan> anew) {
        this.restore = restore;
        this.progress = new Whole(progress);
        this.events = events;
        this.anew = anew;
    }

    /**
     * @param offers that there are, the plan's own among them or not
     * @return fails with the first repository's error where none of the others can meet the request
     */
    Mono<Restore.Done> run(RestorePlan plan, List<Restore.Offer> offers) {
        List<Restore.Offer> others = offers.stream()
                .filter(offer -> !offer.repository().equals(plan.source().name()))
                .toList();
        return carriedOut(plan, null, others);
    }

    private Mono<Restore.Done> carriedOut(RestorePlan plan, @Nullable Unfinished before, List<Restore.Offer> others) {
        Restoration restoration = restore.restoration(plan, before, progress);
        return restoration
                .run()
                .map(said -> done(plan, said))
                .onErrorResume(SourceLost.class, lost -> takenOver(plan, restoration.unfinished(), lost.why(), others));
    }

    private Restore.Done done(RestorePlan plan, List<String> said) {
        List<String> all = new ArrayList<>(remarks);
        all.addAll(said);
        return new Restore.Done(plan, all);
    }

    private Mono<Restore.Done> takenOver(RestorePlan plan, Unfinished left, Throwable why, List<Restore.Offer> others) {
        failures.add(why);
        if (others.isEmpty()) {
            return Mono.error(firstFailure());
        }
        String lost = plan.source().name();
        events.report(
                Event.of(RestoreEvent.REPOSITORY_LOST).with("repository", lost).with("why", text(why)));
        return restore.plan(plan.request(), others, left)
                .onErrorMap(SourceLost::isWhy, this::notTakenOver)
                .flatMap(next -> {
                    say(lost, why, next);
                    return carriedOut(next, left, without(next.source().name(), others));
                });
    }

    private static List<Restore.Offer> without(String repository, List<Restore.Offer> offers) {
        return offers.stream()
                .filter(offer -> !offer.repository().equals(repository))
                .toList();
    }

    private void say(String lost, Throwable why, RestorePlan next) {
        String through = next.through().orElse("none of the archive");
        events.report(Event.of(RestoreEvent.TAKEN_OVER)
                .with("repository", next.source().name())
                .with("instead", lost)
                .with("backup", next.backup())
                .with("through", through));
        remarks.add(
                "repository \"" + lost + "\" failed in the middle of the restore (" + text(why) + "): restored from \""
                        + next.source().name() + "\", backup " + next.backup() + ", WAL through " + through);
        anew.accept(next);
    }

    private Throwable notTakenOver(Throwable error) {
        events.report(Event.of(RestoreEvent.NOT_TAKEN_OVER).with("why", text(error)));
        failures.add(error);
        return firstFailure();
    }

    private Throwable firstFailure() {
        Throwable first = failures.get(0);
        failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
        return first;
    }

    private static String text(Throwable error) {
        return String.valueOf(error.getMessage());
    }

    /** Counts what was done in vain as done: a line that goes back says nothing. */
    private static final class Whole implements Progress {
        private final Progress shown;
        private final AtomicLong done = new AtomicLong();

        Whole(Progress shown) {
            this.shown = shown;
        }

        @Override
        public void expect(long bytes) {
            shown.expect(done.get() + bytes);
        }

        @Override
        public void advance(long bytes) {
            done.addAndGet(bytes);
            shown.advance(bytes);
        }
    }
}
