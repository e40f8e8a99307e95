package io.tidemark.sinks.decorator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * How fast attempts begin on one store, shared by everything in the process that uses it. As long as the store does not ask to slow
 * down there is none. Then attempts begin one after the other, at half the rate of the last second; each further request halves
 * it, once in a second at most, for what was under way at the time is answered in the same way. What succeeds raises it again, by a
 * fixed amount a second, until it is no longer felt. So callers neither come all at once nor again all at once.
 */
final class Pace {
    private static final double LEAST = 0.5;
    private static final double MOST = 1000;
    private static final double MORE_PER_SECOND = 5;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Scheduler timer;

    // guarded by this
    private double rate = MOST;
    private long nextSlot;
    private long lowered;
    private long window;
    private int begunInWindow;
    private int begunBefore;
    private boolean felt;

    Pace(Scheduler timer) {
        this.timer = timer;
    }

    /** Completes when the next attempt may begin. */
    Mono<Void> turn() {
        return Mono.defer(() -> {
            long wait = reserve();
            return wait == 0
                    ? Mono.empty()
                    : Mono.delay(Duration.ofNanos(wait), timer).then();
        });
    }

    /** The store asked for fewer requests. */
    synchronized void slower() {
        long now = now();
        if (felt && now - lowered < SECOND) {
            return;
        }
        count(now, 0);
        double current = felt ? rate : Math.max(1, Math.max(begunInWindow, begunBefore));
        rate = Math.max(LEAST, current / 2);
        lowered = now;
        nextSlot = Math.max(nextSlot, now);
        felt = true;
    }

    /** An attempt succeeded. */
    synchronized void faster() {
        if (felt) {
            rate += MORE_PER_SECOND / rate;
            felt = rate < MOST;
        }
    }

    private synchronized long reserve() {
        long now = now();
        count(now, 1);
        if (!felt) {
            return 0;
        }
        long slot = Math.max(nextSlot, now);
        nextSlot = slot + (long) (SECOND / rate);
        return slot - now;
    }

    private void count(long now, int begun) {
        long second = now / SECOND;
        if (second != window) {
            begunBefore = second == window + 1 ? begunInWindow : 0;
            begunInWindow = 0;
            window = second;
        }
        begunInWindow += begun;
    }

    private long now() {
        return timer.now(TimeUnit.NANOSECONDS);
    }
}
