package io.tidemark.kmip.client;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Watches that an answer which has begun comes at a least rate: a byte a second would keep a timeout of silence from ever ringing.
 */
final class SlowAnswer {
    /** Of a second; what a line must carry besides the grace. */
    private static final int LEAST_BYTES = 16 << 10;

    /** Of the time that a request may take; 5 s of 30 s. */
    private static final int GRACE = 6;

    private final EventExecutor loop;
    private final FrameReader frames;
    private final long graceNanos;
    private final long begunAt;
    private final LongConsumer tooSlow;
    private Future<?> alarm;

    private SlowAnswer(EventExecutor loop, FrameReader frames, long graceNanos, LongConsumer tooSlow) {
        this.loop = loop;
        this.frames = frames;
        this.graceNanos = graceNanos;
        this.tooSlow = tooSlow;
        this.begunAt = loop.ticker().nanoTime();
        this.alarm = loop.schedule(this::look, allowedNanos(), TimeUnit.NANOSECONDS);
    }

    /** @param tooSlow gets the bytes that were announced */
    static SlowAnswer watch(EventExecutor loop, FrameReader frames, Duration requestTimeout, LongConsumer tooSlow) {
        return new SlowAnswer(loop, frames, requestTimeout.toNanos() / GRACE, tooSlow);
    }

    void cancel() {
        alarm.cancel(false);
    }

    /** The length may have become known only now. */
    private void look() {
        long left = begunAt + allowedNanos() - loop.ticker().nanoTime();
        if (left > 0) {
            alarm = loop.schedule(this::look, left, TimeUnit.NANOSECONDS);
        } else {
            tooSlow.accept(frames.announced());
        }
    }

    private long allowedNanos() {
        return graceNanos + frames.announced() * TimeUnit.SECONDS.toNanos(1) / LEAST_BYTES;
    }
}
