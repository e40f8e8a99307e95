package io.tidemark.pipeline.postgres.wire;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes off where a server is silent for longer than the exchange has patience. All of it on the channel's event loop. */
final class SilenceAlarm {
    private final EventExecutor loop;
    private final Consumer<Exchange> tooLong;

    private @Nullable Exchange watched;
    private @Nullable Future<?> next;
    // somebody waits for what the socket brings; other times do not count
    private boolean asking;
    private long silentSince;

    SilenceAlarm(EventExecutor loop, Consumer<Exchange> tooLong) {
        this.loop = loop;
        this.tooLong = tooLong;
    }

    /** From now on; again where the exchange's patience has changed. */
    void watch(Exchange exchange) {
        stop();
        watched = exchange;
        silentSince = now();
        schedule(exchange);
    }

    void stop() {
        watched = null;
        asking = false;
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    /** The socket is asked for more. */
    void asked() {
        if (!asking) {
            silentSince = now();
            asking = true;
        }
    }

    /** Something came, or nothing more is wanted. */
    void notAsked() {
        asking = false;
    }

    private void schedule(Exchange exchange) {
        long left = exchange.patienceNanos() - (asking ? now() - silentSince : 0);
        next = loop.schedule(() -> look(exchange), Math.max(left, 0), TimeUnit.NANOSECONDS);
    }

    private void look(Exchange exchange) {
        if (watched != exchange) {
            return;
        }
        if (asking && now() - silentSince >= exchange.patienceNanos()) {
            tooLong.accept(exchange);
        } else {
            schedule(exchange);
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
