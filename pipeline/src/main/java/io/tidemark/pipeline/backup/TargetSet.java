package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.sinks.ObjectName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The repositories of one backup. Each object goes to all of them at once. A required one that fails ends the backup; an
 * optional one that fails, or that the others would have to wait for, drops out, for good: a manifest may only follow where
 * everything before it arrived.
 */
final class TargetSet {
    /** How much longer an optional repository may take for an object than the others. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<BackupTarget> targets;
    private final Scheduler timer;
    private final EventLog events;
    // written by whichever thread a store answers on
    private final Map<String, Throwable> dropped = new ConcurrentHashMap<>();

    /** @param timer counts the time in which nobody else is waited for */
    TargetSet(List<BackupTarget> targets, Scheduler timer, EventLog events) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a backup without repositories");
        }
        this.targets = List.copyOf(targets);
        this.timer = timer;
        this.events = events;
    }

    /** Puts the object into every repository that is still in; completes when all have it, durably, and the late ones are out. */
    Mono<Void> put(ObjectName name, SealedBody body, Function<PutReceipt, Mono<Void>> judge) {
        return Mono.defer(() -> {
            List<BackupTarget> now = remaining();
            Others others = new Others(now);
            return Flux.fromIterable(now)
                    .flatMap(target -> put(target, name, body, judge, others), targets.size())
                    .then(Mono.defer(this::requireOne));
        });
    }

    /** Those that an optional repository is measured by: the required ones or, where there are none, the first one that is done. */
    private final class Others {
        private final AtomicInteger awaited;
        private final boolean noneRequired;
        private final Sinks.Empty<Void> done = Sinks.empty();

        Others(List<BackupTarget> targets) {
            int required = (int) targets.stream().filter(TargetSet::isRequired).count();
            this.noneRequired = required == 0;
            this.awaited = new AtomicInteger(Math.max(1, required));
        }

        void requiredDone() {
            if (awaited.decrementAndGet() == 0) {
                done.emitEmpty((signal, result) -> false);
            }
        }

        void optionalDone() {
            if (noneRequired) {
                requiredDone();
            }
        }

        Mono<Long> longSince() {
            return done.asMono().then(Mono.delay(PATIENCE, timer));
        }
    }

    private static boolean isRequired(BackupTarget target) {
        return target.requirement() == Requirement.REQUIRED;
    }

    /** What became of an object whose name nobody else can rightly have. */
    static Mono<Void> requireOurs(PutReceipt receipt) {
        if (receipt instanceof PutReceipt.Stored || receipt instanceof PutReceipt.AlreadyStored) {
            return Mono.empty();
        }
        return Mono.error(new IntegrityFailed(
                receipt.name() + " is held by another object: the backup cannot be stored under its label",
                "start it again; it takes another label"));
    }

    /** The repositories that have everything so far. */
    List<BackupTarget> remaining() {
        return targets.stream()
                .filter(target -> !dropped.containsKey(target.name()))
                .toList();
    }

    /** Their names. */
    List<String> stillIn() {
        return remaining().stream().map(BackupTarget::name).toList();
    }

    /** Which repositories dropped out, and why. */
    Map<String, String> whyDropped() {
        Map<String, String> why = new TreeMap<>();
        dropped.forEach((name, error) -> why.put(name, String.valueOf(error.getMessage())));
        return why;
    }

    private Mono<Void> put(
            BackupTarget target,
            ObjectName name,
            SealedBody body,
            Function<PutReceipt, Mono<Void>> judge,
            Others others) {
        Mono<Void> put = target.objects().put(name, body).flatMap(judge);
        if (isRequired(target)) {
            return put.doOnSuccess(stored -> others.requiredDone());
        }
        return put.doOnSuccess(stored -> others.optionalDone())
                .timeout(others.longSince())
                .onErrorMap(TimeoutException.class, e -> late(name, e))
                .onErrorResume(error -> Mono.fromRunnable(() -> drop(target, error)));
    }

    private static DeadlinePassed late(ObjectName name, TimeoutException cause) {
        return new DeadlinePassed(
                name + " was not stored " + PATIENCE.toSeconds() + " s after the other repositories had it", cause);
    }

    /** An optional repository does not get this backup after all. */
    void drop(BackupTarget target, Throwable error) {
        dropped.put(target.name(), error);
        events.report(Event.of(BackupEvent.REPOSITORY_DROPPED)
                .with("repository", target.name())
                .with("why", String.valueOf(error.getMessage())));
    }

    private Mono<Void> requireOne() {
        return dropped.size() < targets.size()
                ? Mono.empty()
                : Mono.error(dropped.values().iterator().next());
    }
}
