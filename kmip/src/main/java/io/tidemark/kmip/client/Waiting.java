package io.tidemark.kmip.client;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.tidemark.kmip.KmipException.TimedOut;
import io.tidemark.kmip.KmipException.Unreachable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Exchanges for which there is no connection yet, in their order. Under the lock of their pool, but for the alarms. */
final class Waiting {
    /** What more would wait fails at once. */
    static final int MOST = 1024;

    private final EventLoopGroup loops;
    private final Exchange.Way pool;
    private final Deque<Entry> entries = new ArrayDeque<>();

    private record Entry(Exchange<?> exchange, Future<?> alarm) {}

    Waiting(EventLoopGroup loops, Exchange.Way pool) {
        this.loops = loops;
        this.pool = pool;
    }

    int size() {
        return entries.size();
    }

    void add(Exchange<?> exchange, List<Runnable> deeds) {
        if (entries.size() >= MOST) {
            deeds.add(() -> exchange.fail(new Lost(
                    new Unreachable(
                            exchange.attempt(),
                            MOST + " requests wait for a connection already",
                            "ask for less at once, or allow more connections",
                            null),
                    Lost.When.NOT_TAKEN)));
            return;
        }
        long nanos = exchange.deadline().nanosLeft();
        entries.add(new Entry(exchange, loops.next().schedule(() -> expire(exchange), nanos, TimeUnit.NANOSECONDS)));
    }

    private void expire(Exchange<?> exchange) {
        pool.cancelled(exchange);
        exchange.fail(new Lost(
                new TimedOut(
                        exchange.attempt(),
                        "there was no connection for it until its deadline",
                        "see whether the server is up, and how many requests are made at once"),
                Lost.When.UNSENT));
    }

    /** The first. */
    @Nullable
    Exchange<?> poll() {
        Entry first = entries.poll();
        if (first == null) {
            return null;
        }
        first.alarm().cancel(false);
        return first.exchange();
    }

    void remove(Exchange<?> exchange) {
        for (Entry entry : entries) {
            if (entry.exchange() == exchange) {
                entry.alarm().cancel(false);
                entries.remove(entry);
                return;
            }
        }
    }

    List<Exchange<?>> removeAll() {
        List<Exchange<?>> all = new ArrayList<>();
        for (Exchange<?> next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }
}
