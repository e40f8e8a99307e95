package io.tidemark.pipeline;

import io.tidemark.pipeline.config.Limits;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreCapabilities.Durability;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.decorator.Meter;
import io.tidemark.sinks.decorator.MeteredStore;
import io.tidemark.sinks.decorator.Operation;
import io.tidemark.sinks.decorator.RetryListener;
import io.tidemark.sinks.decorator.RetryPolicy;
import io.tidemark.sinks.decorator.RetryingStore;
import io.tidemark.sinks.decorator.Throttle;
import io.tidemark.sinks.decorator.ThrottledStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What lies between the verbs and the stores of one process: limits that all of them share, retries, and counts. Only a store behind a
 * network is asked again: what fails in a directory fails until somebody acts.
 */
final class StoreFlow {
    private final RetryPolicy policy;
    private final SecureRandom random;
    private final EventLog events;
    private final Scheduler timer = Schedulers.newSingle("timer", /* daemon= */ true);
    private final @Nullable Throttle upload;
    private final @Nullable Throttle download;
    private final Map<String, ObjectStore> stores = new LinkedHashMap<>();
    private final Map<String, Meter> meters = new LinkedHashMap<>();

    /** @param deadline of one operation on one store */
    StoreFlow(Limits limits, Duration deadline, SecureRandom random, EventLog events) {
        this.policy = RetryPolicy.within(deadline);
        this.random = random;
        this.events = events;
        this.upload = throttle(limits.upload());
        this.download = throttle(limits.download());
    }

    /** The store with everything around it; the same one each time for one root, since what uses a store shares its pace. */
    ObjectStore around(String repository, String cluster, ObjectStore store) {
        String root = repository + "/" + cluster;
        ObjectStore known = stores.get(root);
        if (known == null) {
            known = made(repository, store);
            stores.put(root, known);
        }
        return known;
    }

    /** By the names of the repositories. */
    Map<String, Meter> meters() {
        return Collections.unmodifiableMap(meters);
    }

    Mono<Void> close() {
        return timer.disposeGracefully();
    }

    private ObjectStore made(String repository, ObjectStore store) {
        Meter meter = meters.computeIfAbsent(repository, name -> new Meter());
        ObjectStore counted = new MeteredStore(store, meter);
        ObjectStore patient = store.capabilities().durability() == Durability.SERVICE
                ? new RetryingStore(counted, policy, random, timer, told(repository, meter))
                : counted;
        return upload == null && download == null ? patient : new ThrottledStore(patient, upload, download);
    }

    private RetryListener told(String repository, Meter meter) {
        return (Operation operation, StoreException why, Duration pause) -> {
            meter.retried(operation, why, pause);
            events.report(Event.of(StoreEvent.TRIED_AGAIN)
                    .with("repository", repository)
                    .with("why", String.valueOf(why.getMessage()))
                    .with("pause", pause.toMillis() + "ms"));
        };
    }

    private @Nullable Throttle throttle(@Nullable Long bytesPerSecond) {
        return bytesPerSecond == null ? null : new Throttle(bytesPerSecond, timer);
    }
}
