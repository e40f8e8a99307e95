package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.sinks.ObjectName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The repositories of one backup. Each object goes to all of them at once. A required one that fails ends the backup; an
 * optional one drops out, for good: a manifest may only follow where everything before it arrived.
 */
final class TargetSet {
    private final List<BackupTarget> targets;
    private final EventLog events;
    // written by whichever thread a store answers on
    private final Map<String, Throwable> dropped = new ConcurrentHashMap<>();

    TargetSet(List<BackupTarget> targets, EventLog events) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a backup without repositories");
        }
        this.targets = List.copyOf(targets);
        this.events = events;
    }

    /** Puts the object into every repository that is still in; completes when all have it, durably. */
    Mono<Void> put(ObjectName name, SealedBody body, Function<PutReceipt, Mono<Void>> judge) {
        return Flux.defer(() -> Flux.fromIterable(remaining()))
                .flatMap(target -> put(target, name, body, judge), targets.size())
                .then(Mono.defer(this::requireOne));
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
            BackupTarget target, ObjectName name, SealedBody body, Function<PutReceipt, Mono<Void>> judge) {
        Mono<Void> put = target.objects().put(name, body).flatMap(judge);
        return target.requirement() == Requirement.REQUIRED
                ? put
                : put.onErrorResume(error -> Mono.fromRunnable(() -> drop(target, error)));
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
