package io.tidemark.pipeline.keys.cache;

import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keys of another provider, kept in memory for a while:
 *
 * <ul>
 *   <li>Within its lifetime a key is given out without asking. What is asked must be the same, or say more than what was
 *       asked and be met by the key that is kept: a name alone is never answered by a key that was found otherwise.
 *   <li>Who asks the same at the same time shares one question. It is given up when the last of them has cancelled.
 *   <li>A key that is in use is asked for again before its lifetime ends, while it is given out.
 *   <li>Beyond its lifetime a key is given out for as long as the bounds say, and only after the provider was asked and
 *       said {@code UNREACHABLE}. What it says against a key (absent, denied, wrong, in the wrong state, lost, ambiguous)
 *       wipes that key at once, within its lifetime too.
 *   <li>Failures are not kept. A key that leaves, by age, for another one or at {@link #close}, is wiped.
 * </ul>
 */
public final class CachingKeyProvider implements KeyProvider, AutoCloseable {
    private final KeyProvider provider;
    private final CacheBounds bounds;
    private final Clock clock;
    private final Scheduler timers;
    private final RandomGenerator jitter;
    private final EventLog events;
    private final KeyFlight.Tower tower = new Landings();

    /** Guards all that follows, and the kept keys themselves: none is copied while it is wiped. Nothing is called under it. */
    private final Object lock = new Object();

    /** The one that was used longest ago first. */
    private final Map<KeyReference, CachedKey> kept = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

    private final Map<KeyReference, KeyFlight> flights = new HashMap<>();
    private boolean closed;

    /**
     * @param clock says how old a key is; where it is set back, {@code timers} still end each lifetime
     * @param timers refresh and wipe; nothing blocks there
     */
    public CachingKeyProvider(
            KeyProvider provider,
            CacheBounds bounds,
            Clock clock,
            Scheduler timers,
            RandomGenerator jitter,
            EventLog events) {
        this.provider = provider;
        this.bounds = bounds;
        this.clock = clock;
        this.timers = timers;
        this.jitter = jitter;
        this.events = events;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Mono<FetchedKey> fetch(KeyReference reference) {
        return Mono.<FetchedKey>fromDirect(subscriber -> subscribe(reference, subscriber))
                .doOnDiscard(FetchedKey.class, FetchedKey::close);
    }

    /** Wipes what is kept, gives up what is under way, and fails whoever waits or comes later. */
    @Override
    public void close() {
        List<KeyFlight> ended = new ArrayList<>();
        List<KeyWaiter> waiting = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            kept.values().forEach(CachedKey::wipe);
            kept.clear();
            ended.addAll(flights.values());
            flights.clear();
            ended.forEach(flight -> waiting.addAll(flight.takeWaiters()));
        }
        ended.forEach(KeyFlight::cancel);
        waiting.forEach(waiter -> waiter.fail(afterClose()));
    }

    @Override
    public String toString() {
        return provider.toString();
    }

    private void subscribe(KeyReference reference, Subscriber<? super FetchedKey> subscriber) {
        KeyWaiter waiter = new KeyWaiter(subscriber, cancelled -> leave(reference, cancelled));
        subscriber.onSubscribe(waiter);
        ask(reference, waiter);
    }

    private void ask(KeyReference reference, KeyWaiter waiter) {
        FetchedKey copy = null;
        KeyFlight begun = null;
        boolean refused;
        synchronized (lock) {
            refused = closed;
            // who cancelled while subscribing has left before it could be found: it must not join now
            if (!refused && !waiter.isEnded()) {
                CachedKey usable = find(reference, cached -> cached.isUsable(clock.instant()));
                if (usable == null) {
                    begun = join(reference, waiter);
                } else {
                    copy = usable.use();
                    begun = usable.isRefreshDue(clock.instant()) ? refresh(usable) : null;
                }
            }
        }
        if (refused) {
            waiter.fail(afterClose());
        } else if (copy != null) {
            waiter.give(copy);
        }
        begin(begun);
    }

    /** The last one who waits takes the question with it, unless the cache itself asks. */
    private void leave(KeyReference reference, KeyWaiter waiter) {
        KeyFlight ended = null;
        synchronized (lock) {
            KeyFlight flight = flights.get(reference);
            // it may be a later one, in which this waiter never was
            if (flight != null && flight.leave(waiter) && flight.isUnwanted()) {
                flights.remove(reference);
                ended = flight;
            }
        }
        if (ended != null) {
            ended.cancel();
        }
    }

    /** Under the lock; null where the question is under way already. */
    private @Nullable KeyFlight join(KeyReference reference, KeyWaiter waiter) {
        KeyFlight flight = flights.get(reference);
        KeyFlight begun = null;
        if (flight == null) {
            flight = new KeyFlight(reference, KeyFlight.Purpose.DEMAND, tower);
            flights.put(reference, flight);
            begun = flight;
        }
        flight.join(waiter);
        return begun;
    }

    /** Under the lock; null where it is under way already. */
    private @Nullable KeyFlight refresh(CachedKey cached) {
        if (flights.containsKey(cached.reference())) {
            return null;
        }
        KeyFlight flight = new KeyFlight(cached.reference(), KeyFlight.Purpose.REFRESH, tower);
        flights.put(cached.reference(), flight);
        return flight;
    }

    private void begin(@Nullable KeyFlight flight) {
        if (flight != null) {
            provider.fetch(flight.reference()).subscribe(flight);
        }
    }

    /** Under the lock. */
    private @Nullable CachedKey find(KeyReference reference, Predicate<CachedKey> condition) {
        CachedKey same = kept.get(reference);
        if (same != null && condition.test(same)) {
            return same;
        }
        for (CachedKey cached : kept.values()) {
            if (cached.answers(reference) && condition.test(cached)) {
                return kept.get(cached.reference());
            }
        }
        return null;
    }

    /** Under the lock. A cache whose timers have ended keeps nothing: nobody would wipe it. */
    private void keep(KeyReference reference, FetchedKey key) {
        forget(reference);
        Duration refreshAfter = bounds.refreshAfter(jitter);
        CachedKey cached = new CachedKey(reference, key, clock.instant(), refreshAfter, bounds);
        try {
            later(cached, refreshAfter, () -> refreshIfUsed(cached));
            later(cached, bounds.lifetime(), () -> expire(cached));
            later(cached, bounds.untilForgotten(), () -> wipe(cached));
        } catch (RejectedExecutionException ended) {
            cached.wipe();
            return;
        }
        kept.put(reference, cached);
        if (kept.size() > bounds.keys()) {
            Iterator<CachedKey> eldest = kept.values().iterator();
            eldest.next().wipe();
            eldest.remove();
        }
    }

    private void later(CachedKey cached, Duration delay, Runnable task) {
        cached.ownTimer(timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void forget(KeyReference reference) {
        CachedKey old = kept.remove(reference);
        if (old != null) {
            old.wipe();
        }
    }

    private void refreshIfUsed(CachedKey cached) {
        KeyFlight begun = null;
        synchronized (lock) {
            if (isKept(cached) && cached.takeUse()) {
                begun = refresh(cached);
            }
        }
        begin(begun);
    }

    private void expire(CachedKey cached) {
        synchronized (lock) {
            cached.expire();
        }
    }

    private void wipe(CachedKey cached) {
        synchronized (lock) {
            if (isKept(cached)) {
                forget(cached.reference());
            }
        }
    }

    private boolean isKept(CachedKey cached) {
        return kept.containsValue(cached);
    }

    /** Under the lock; whether there were any. */
    private boolean forgetMeantBy(KeyReference reference) {
        List<CachedKey> meant = kept.values().stream()
                .filter(cached -> cached.isMeantBy(reference))
                .toList();
        meant.forEach(cached -> forget(cached.reference()));
        return !meant.isEmpty();
    }

    /** Under the lock: what is left to those who wait where nobody answers; null for nothing. */
    private @Nullable CachedKey alone(KeyReference reference) {
        Instant now = clock.instant();
        CachedKey cached = find(reference, candidate -> candidate.isUsableAlone(now));
        if (cached != null) {
            Duration pause = bounds.pause(jitter);
            cached.useAloneUntil(now.plus(pause));
            askAgainAfter(cached, pause);
        }
        return cached;
    }

    private void askAgainAfter(CachedKey cached, Duration pause) {
        cached.refreshAt(clock.instant().plus(pause));
        try {
            later(cached, pause, () -> refreshIfUsed(cached));
        } catch (RejectedExecutionException ended) {
            forget(cached.reference());
        }
    }

    private KeysFailed afterClose() {
        return new KeysFailed(
                Reason.UNREACHABLE, "key provider \"" + name() + "\" was closed while a key was asked for", null, null);
    }

    private @Nullable Event news(CachedKey cached, CacheEvent kind, Throwable failure) {
        return cached.isNews(kind) ? event(kind, cached.reference(), failure).with("until", cached.staleUntil()) : null;
    }

    private Event event(CacheEvent kind, KeyReference reference, Throwable failure) {
        return Event.of(kind)
                .with("provider", name())
                .with("key", reference.described())
                .with("why", String.valueOf(failure.getMessage()));
    }

    /** What a failure says of the key that was asked for. */
    private enum Verdict {
        AGAINST_THE_KEY,
        NOBODY_ANSWERED,
        NOTHING;

        static Verdict of(Throwable failure) {
            return failure instanceof KeysFailed keys ? of(keys.reason()) : NOTHING;
        }

        private static Verdict of(Reason reason) {
            return switch (reason) {
                case ABSENT, DENIED, AMBIGUOUS, WRONG, STATE, LOST -> AGAINST_THE_KEY;
                case UNREACHABLE -> NOBODY_ANSWERED;
                case UNTRUSTED, UNUSABLE -> NOTHING;
            };
        }
    }

    /** What becomes of answers. One whose question was given up meanwhile changes nothing, and its key is closed. */
    private final class Landings implements KeyFlight.Tower {
        @Override
        public void landed(KeyFlight flight, FetchedKey key) {
            List<KeyWaiter> waiting;
            List<FetchedKey> copies = new ArrayList<>();
            synchronized (lock) {
                if (!flights.remove(flight.reference(), flight)) {
                    key.close();
                    return;
                }
                waiting = flight.takeWaiters();
                waiting.forEach(waiter -> copies.add(key.duplicate()));
                keep(flight.reference(), key);
            }
            give(waiting, copies);
        }

        @Override
        public void failed(KeyFlight flight, Throwable failure) {
            KeyReference reference = flight.reference();
            List<KeyWaiter> waiting;
            List<FetchedKey> copies = new ArrayList<>();
            Event event = null;
            synchronized (lock) {
                if (!flights.remove(reference, flight)) {
                    return;
                }
                waiting = flight.takeWaiters();
                switch (Verdict.of(failure)) {
                    case AGAINST_THE_KEY -> {
                        if (forgetMeantBy(reference)) {
                            event = event(CacheEvent.WITHDRAWN, reference, failure);
                        }
                    }
                    case NOBODY_ANSWERED -> {
                        CachedKey alone = alone(reference);
                        if (alone != null) {
                            waiting.forEach(waiter -> copies.add(alone.use()));
                            event = alone.isFresh(clock.instant())
                                    ? news(alone, CacheEvent.NOT_REFRESHED, failure)
                                    : news(alone, CacheEvent.USED_ALONE, failure);
                        }
                    }
                    case NOTHING -> {
                        CachedKey same = kept.get(reference);
                        if (same != null) {
                            same.useAloneNoMore();
                            askAgainAfter(same, bounds.pause(jitter));
                            event = news(same, CacheEvent.NOT_REFRESHED, failure);
                        }
                    }
                }
            }
            if (event != null) {
                events.report(event);
            }
            if (copies.isEmpty()) {
                waiting.forEach(waiter -> waiter.fail(failure));
            } else {
                give(waiting, copies);
            }
        }

        private static void give(List<KeyWaiter> waiting, List<FetchedKey> copies) {
            for (int i = 0; i < waiting.size(); i++) {
                waiting.get(i).give(copies.get(i));
            }
        }
    }
}
