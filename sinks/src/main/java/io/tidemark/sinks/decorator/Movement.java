package io.tidemark.sinks.decorator;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.scheduler.Scheduler;

/** When something last moved in one attempt, and whether somebody else than the store is to move next. */
final class Movement {

    private final Scheduler timer;
    private final AtomicLong last;
    private final AtomicInteger waitedFor = new AtomicInteger();

    Movement(Scheduler timer) {
        this.timer = timer;
        this.last = new AtomicLong(now());
    }

    void moved() {
        last.set(now());
    }

    /** It is a source's turn. */
    void othersTurn() {
        waitedFor.incrementAndGet();
        moved();
    }

    void othersTurnEnds() {
        waitedFor.decrementAndGet();
        moved();
    }

    /** Nanoseconds since the store alone could have moved something and did not; 0 while others are waited for. */
    long stillNanos() {
        return waitedFor.get() > 0 ? 0 : now() - last.get();
    }

    private long now() {
        return timer.now(TimeUnit.NANOSECONDS);
    }
}
