package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.sinks.ObjectName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Waits until WAL that a server has written is in the repositories: archiving is the server's own work, and only what arrived counts
 * (T42, T93). Gives up when for some time nothing more has arrived, with the archiver's own words for the reason.
 */
final class WalArrival {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final SystemIdentifier system;
    private final WalSegmentSize size;
    private final Duration patience;
    private final Clock clock;
    private final Scheduler timer;
    private final EventLog events;

    /**
     * What is waited for.
     *
     * @param first the first segment
     * @param last the last one, on the same timeline
     */
    record Span(WalSegmentName first, WalSegmentName last) {
        Span {
            if (!first.timeline().equals(last.timeline()) || first.compareTo(last) > 0) {
                throw new IllegalArgumentException("no span of WAL: " + first + " to " + last);
            }
        }
    }

    /** Who can say why WAL does not come. */
    @FunctionalInterface
    interface Reason {
        /** In a few words; fails or is empty where nobody knows. */
        Mono<String> words();
    }

    /**
     * @param patience how long nothing may arrive
     * @param timer counts the time between two looks
     */
    WalArrival(
            SystemIdentifier system,
            WalSegmentSize size,
            Duration patience,
            Clock clock,
            Scheduler timer,
            EventLog events) {
        this.system = system;
        this.size = size;
        this.patience = patience;
        this.clock = clock;
        this.timer = timer;
        this.events = events;
    }

    /**
     * Waits.
     *
     * @param targets that must have it; an optional one that does not get it in time is left out
     * @param meanwhile subscribed to after each look that did not find all
     * @return the optional repositories that did not get it; fails with {@code DeadlinePassed} for a required one, and with the errors
     *     of required repositories
     */
    Mono<List<BackupTarget>> await(List<BackupTarget> targets, Span span, Reason reason, Mono<Void> meanwhile) {
        return Mono.defer(() -> {
            List<Missing> missing = new ArrayList<>();
            targets.forEach(target -> missing.add(new Missing(target, span)));
            Progressing progressing = new Progressing(clock.instant());
            return look(missing, progressing, reason)
                    .switchIfEmpty(meanwhile.then(Mono.empty()))
                    .repeatWhenEmpty(Integer.MAX_VALUE, looks -> looks.delayElements(LOOK_EVERY, timer))
                    .flatMap(late -> readable(targets, late, span).thenReturn(late));
        });
    }

    /** A name says that a segment is there, not that it opens: the last one is looked into. */
    private Mono<Void> readable(List<BackupTarget> targets, List<BackupTarget> late, Span span) {
        return Flux.fromIterable(targets)
                .filter(target -> !late.contains(target))
                .concatMap(target -> target.objects()
                        .facts(ObjectNames.segment(system, span.last()))
                        // its true copy lies beside it, where a look by name found it
                        .onErrorResume(ForeignObject.class, e -> Mono.empty()))
                .then();
    }

    /** Emits when the waiting is over. */
    private Mono<List<BackupTarget>> look(List<Missing> missing, Progressing progressing, Reason reason) {
        return Flux.fromIterable(missing)
                .filter(one -> !one.isComplete())
                .concatMap(one -> one.look(progressing), 1)
                .then(Mono.defer(() -> judged(missing, progressing, reason)));
    }

    private Mono<List<BackupTarget>> judged(List<Missing> missing, Progressing progressing, Reason reason) {
        List<Missing> left = missing.stream().filter(one -> !one.isComplete()).toList();
        if (left.isEmpty()) {
            return Mono.just(List.of());
        }
        Instant now = clock.instant();
        if (now.isAfter(progressing.last.plus(patience))) {
            return left.stream().allMatch(one -> one.target.requirement() == Requirement.OPTIONAL)
                    ? Mono.just(left.stream().map(one -> one.target).toList())
                    : words(reason).flatMap(words -> Mono.error(late(left.get(0), words)));
        }
        if (now.isBefore(progressing.nextWords)) {
            return Mono.empty();
        }
        progressing.nextWords = now.plus(TELL_EVERY);
        return words(reason)
                .doOnNext(words -> events.report(Event.of(BackupEvent.WAITING_FOR_WAL)
                        .with("segment", left.get(0).segment())
                        .with("repository", left.get(0).target.name())
                        .with("archiver", words)))
                .then(Mono.empty());
    }

    private static Mono<String> words(Reason reason) {
        return reason.words()
                .onErrorResume(e -> Mono.just("the server does not say: " + e.getMessage()))
                .defaultIfEmpty("the server does not say");
    }

    private DeadlinePassed late(Missing missing, String words) {
        return new DeadlinePassed(
                "WAL segment " + missing.segment() + " did not arrive in repository \"" + missing.target.name()
                        + "\", and nothing else did for " + patience.toSeconds() + " s: " + words,
                "see to archive_command (tidemark check), then start the backup again; backup.archive-timeout is how long"
                        + " it waits");
    }

    private static final class Progressing {
        private Instant last;
        private Instant nextWords;

        Progressing(Instant now) {
            this.last = now;
            this.nextWords = now.plus(TELL_EVERY);
        }
    }

    /** What one repository has not yet. */
    private final class Missing {
        private final BackupTarget target;
        private final WalSegmentName last;
        private @Nullable WalSegmentName next;

        Missing(BackupTarget target, Span span) {
            this.target = target;
            this.next = span.first();
            this.last = span.last();
        }

        /** The first that is missing. */
        WalSegmentName segment() {
            return next == null ? last : next;
        }

        boolean isComplete() {
            return next == null;
        }

        /** One listing for each run of segments that is complete, and one for the first that is not. */
        Mono<Void> look(Progressing progressing) {
            return Mono.defer(() -> {
                WalSegmentName from = next;
                if (from == null) {
                    return Mono.empty();
                }
                return target.objects()
                        .names(ObjectNames.runPrefix(system, from))
                        .mapNotNull(Missing::segment)
                        .collect(HashSet<WalSegmentName>::new, Set::add)
                        .flatMap(present -> advance(present, progressing) ? look(progressing) : Mono.empty());
            });
        }

        /** Whether the run is through, and the next one has to be looked at. */
        private boolean advance(Set<WalSegmentName> present, Progressing progressing) {
            WalSegmentName at = next;
            String run = at == null ? "" : at.run();
            while (at != null && at.run().equals(run) && present.contains(at)) {
                at = at.equals(last) ? null : at.next(size);
                progressing.last = clock.instant();
            }
            boolean through = at != null && !at.run().equals(run);
            next = at;
            return through;
        }

        /** A name that a restore would find the segment by: its own, or one beside a foreign object. */
        private static @Nullable WalSegmentName segment(ObjectName name) {
            CatalogName parsed = ObjectNames.parse(name).orElse(null);
            if (parsed instanceof CatalogName.Again again) {
                parsed = again.original();
            }
            return parsed instanceof CatalogName.Segment segment ? segment.segment() : null;
        }
    }
}
