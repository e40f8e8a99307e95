package io.tidemark.pipeline.keys.cache;

import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** One question to the provider under way, and who waits for its answer; the answer goes to the cache. */
final class KeyFlight extends BaseSubscriber<FetchedKey> {
    /** Why it was begun. */
    enum Purpose {
        /** For subscribers: it ends with the last of them. */
        DEMAND,
        /** For the cache, ahead of a key's expiry: it goes on whoever joins it and leaves again. */
        REFRESH
    }

    /** Who is told how it ended; not told after a cancel. */
    interface Tower {
        /** @param key given */
        void landed(KeyFlight flight, FetchedKey key);

        void failed(KeyFlight flight, Throwable failure);
    }

    private final KeyReference reference;
    private final Purpose purpose;
    private final Tower tower;
    /** Guarded by the cache's lock. */
    private final Set<KeyWaiter> waiters = new LinkedHashSet<>();
    /** Only touched by the provider's signals, which come one after the other. */
    private boolean answered;

    KeyFlight(KeyReference reference, Purpose purpose, Tower tower) {
        this.reference = reference;
        this.purpose = purpose;
        this.tower = tower;
    }

    KeyReference reference() {
        return reference;
    }

    void join(KeyWaiter waiter) {
        waiters.add(waiter);
    }

    /** Whether it was among those who wait. */
    boolean leave(KeyWaiter waiter) {
        return waiters.remove(waiter);
    }

    boolean isUnwanted() {
        return waiters.isEmpty() && purpose == Purpose.DEMAND;
    }

    List<KeyWaiter> takeWaiters() {
        List<KeyWaiter> taken = new ArrayList<>(waiters);
        waiters.clear();
        return taken;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        requestUnbounded();
    }

    @Override
    protected void hookOnNext(FetchedKey key) {
        answered = true;
        tower.landed(this, key);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        tower.failed(this, failure);
    }

    @Override
    protected void hookOnComplete() {
        if (!answered) {
            tower.failed(this, new IllegalStateException("a key provider gave neither a key nor a failure"));
        }
    }
}
