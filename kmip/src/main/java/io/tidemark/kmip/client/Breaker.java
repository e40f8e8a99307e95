package io.tidemark.kmip.client;

import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long a host is left alone after it has failed: each time twice as long, less a random part, so that many clients do not come back
 * in step. After some failures in a row it is open, and nobody waits for its host any more. Usable from any thread.
 */
final class Breaker {
    static final Duration FIRST_REST = Duration.ofMillis(100);
    static final Duration LONGEST_REST = Duration.ofSeconds(10);
    /** Failures in a row; 1.5 s lie between the first of them and the last. */
    static final int OPEN_AFTER = 5;

    private static final int MOST_DOUBLINGS = 20;

    private final Ticker ticker;
    private final RandomGenerator jitter;

    // all under the lock of this
    private int failures;
    private long restsUntil;
    private @Nullable KmipException last;

    /** @param jitter shared; drawn from under its own lock, for generators need not be safe */
    Breaker(Ticker ticker, RandomGenerator jitter) {
        this.ticker = ticker;
        this.jitter = jitter;
        this.restsUntil = ticker.nanoTime();
    }

    /** What fails while the host rests has set out before, and fell with it. */
    synchronized void failed(KmipException failure) {
        last = failure;
        if (nanosLeft() > 0) {
            return;
        }
        long rest = Math.min(LONGEST_REST.toNanos(), FIRST_REST.toNanos() << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        restsUntil = ticker.nanoTime() + rest / 2 + drawn(rest / 2);
    }

    private long drawn(long below) {
        synchronized (jitter) {
            return jitter.nextLong(below);
        }
    }

    synchronized void succeeded() {
        failures = 0;
        last = null;
        restsUntil = ticker.nanoTime();
    }

    /** Until the host may be tried; 0 where it may be now. */
    synchronized long nanosLeft() {
        return Math.max(0, restsUntil - ticker.nanoTime());
    }

    /** Whether the host rests, and so long that nobody should wait for it. */
    synchronized boolean isOpen() {
        return failures >= OPEN_AFTER && nanosLeft() > 0;
    }

    /** Why it rests. */
    synchronized Optional<KmipException> last() {
        return Optional.ofNullable(last);
    }
}
