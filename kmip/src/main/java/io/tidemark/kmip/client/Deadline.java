package io.tidemark.kmip.client;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;

/** A moment up to which something may go on. */
record Deadline(Ticker ticker, long nanos) {
    static Deadline in(Duration time, Ticker ticker) {
        return new Deadline(ticker, ticker.nanoTime() + time.toNanos());
    }

    /** Never negative. */
    long nanosLeft() {
        return Math.max(0, nanos - ticker.nanoTime());
    }

    /** This, or so much later than now if that is earlier. */
    Deadline orIn(Duration time) {
        return time.toNanos() < nanosLeft() ? in(time, ticker) : this;
    }
}
