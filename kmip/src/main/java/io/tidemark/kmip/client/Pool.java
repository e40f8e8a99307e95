package io.tidemark.kmip.client;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.Unreachable;
import io.tidemark.kmip.tls.KmipTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;

/**
 * The connections to one host. A request takes an idle one; else one is made, up to the most; else it goes behind others, up to the depth;
 * else it waits. Connections of another reading of the TLS files take no more requests, answer what they have, and end. Usable from any
 * thread: what is to be done is decided under a lock, and done outside of it.
 */
final class Pool implements Exchange.Way, Connection.Owner {
    private static final String CLOSED = "the client was closed";

    /** Where there are connections, and one more could not be made. */
    private static final Duration NO_GROWTH = Duration.ofSeconds(1);

    private final KmipHost host;
    private final PoolSettings settings;
    private final Dialer dialer;
    private final CurrentTls tls;
    private final EventLoopGroup loops;
    private final Ticker ticker;
    private final Object lock = new Object();

    // all under the lock
    private final List<Connection> lines = new ArrayList<>();
    private final Set<Dialing> dialing = new HashSet<>();
    private final Waiting waiting;
    private long growsFrom;
    /** The last connection could not be made: while there is none, one is tried at a time, so that who waits learns of it. */
    private boolean doubtful;

    private boolean closed;

    Pool(KmipHost host, PoolSettings settings, Dialer dialer, CurrentTls tls, EventLoopGroup loops) {
        this.host = host;
        this.settings = settings;
        this.dialer = dialer;
        this.tls = tls;
        this.loops = loops;
        this.ticker = loops.next().ticker();
        this.growsFrom = ticker.nanoTime();
        this.waiting = new Waiting(loops, this);
    }

    @Override
    public void take(Exchange<?> exchange) {
        change(deeds -> {
            retireOld(deeds);
            Connection idle = waiting.size() == 0 ? idle() : null;
            if (closed) {
                deeds.add(() -> exchange.fail(closed(exchange.attempt())));
            } else if (idle == null) {
                waiting.add(exchange, deeds);
            } else {
                send(exchange, idle, deeds);
            }
        });
    }

    @Override
    public void cancelled(Exchange<?> exchange) {
        change(deeds -> waiting.remove(exchange));
    }

    @Override
    public void freed(Connection connection) {
        change(deeds -> {
            Connection.Place place = connection.place();
            place.load--;
            place.idleSince = ticker.nanoTime();
            if (place.load == 0 && place.retired) {
                deeds.add(() -> connection.close("its TLS files were renewed"));
            }
        });
    }

    @Override
    public void ended(Connection connection) {
        change(deeds -> {
            lines.remove(connection);
            Future<?> alarm = connection.place().alarm;
            if (alarm != null) {
                alarm.cancel(false);
            }
        });
    }

    /** What is under way ends as unreachable. */
    void close() {
        change(deeds -> {
            closed = true;
            lines.forEach(line -> deeds.add(() -> line.close(CLOSED)));
            lines.clear();
            dialing.forEach(one -> deeds.add(one::cancel));
            dialing.clear();
            waiting.removeAll().forEach(one -> deeds.add(() -> one.fail(closed(one.attempt()))));
        });
    }

    private static Lost closed(Attempt attempt) {
        return new Lost(new Unreachable(attempt, CLOSED, "open another one", null), Lost.When.NOT_TAKEN);
    }

    /** Changes something, serves who waits, and then does what follows from both. */
    private void change(Consumer<List<Runnable>> change) {
        List<Runnable> deeds = new ArrayList<>(2);
        synchronized (lock) {
            change.accept(deeds);
            serve(deeds);
        }
        deeds.forEach(Runnable::run);
    }

    private void serve(List<Runnable> deeds) {
        while (waiting.size() > 0) {
            Connection next = next();
            Exchange<?> first = next == null ? null : waiting.poll();
            if (next == null || first == null) {
                break;
            }
            send(first, next, deeds);
        }
        while (dialing.size() < waiting.size() && mayGrow()) {
            Dialing one = new Dialing();
            dialing.add(one);
            deeds.add(one::begin);
        }
    }

    private void send(Exchange<?> exchange, Connection connection, List<Runnable> deeds) {
        connection.place().load++;
        deeds.add(() -> connection.take(exchange));
    }

    /** The connection for the next request; none where one is to be made, or to be waited for. */
    private @Nullable Connection next() {
        Connection idle = idle();
        return idle != null || mayGrow() ? idle : roomiest();
    }

    private boolean mayGrow() {
        boolean timely = lines.isEmpty() ? !doubtful || dialing.isEmpty() : ticker.nanoTime() - growsFrom >= 0;
        return !closed && timely && lines.size() + dialing.size() < settings.connectionsPerHost();
    }

    private @Nullable Connection idle() {
        for (Connection line : lines) {
            if (line.place().load == 0) {
                return line;
            }
        }
        return null;
    }

    private @Nullable Connection roomiest() {
        Connection best = null;
        for (Connection line : lines) {
            int load = line.place().load;
            if (load < settings.depth() && (best == null || load < best.place().load)) {
                best = line;
            }
        }
        return best;
    }

    private void retireOld(List<Runnable> deeds) {
        KmipTls now = tls.latest();
        for (Iterator<Connection> each = lines.iterator(); each.hasNext(); ) {
            Connection line = each.next();
            if (line.tls() != now) {
                each.remove();
                line.place().retired = true;
                if (line.place().load == 0) {
                    deeds.add(() -> line.close("its TLS files were renewed"));
                }
            }
        }
    }

    /** Firewalls forget what is silent, and say so to nobody. */
    private void watchIdle(Connection line, long nanos) {
        line.place().alarm = loops.next()
                .schedule(
                        () -> change(deeds -> {
                            if (!lines.contains(line)) {
                                return;
                            }
                            long left = line.place().idleSince + settings.idle().toNanos() - ticker.nanoTime();
                            if (line.place().load > 0 || left > 0) {
                                watchIdle(
                                        line, left > 0 ? left : settings.idle().toNanos());
                            } else {
                                lines.remove(line);
                                deeds.add(() -> line.close("it was idle"));
                            }
                        }),
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    /** A connection being made, for whoever waits first. */
    private final class Dialing extends BaseSubscriber<Dialer.Dialed> {
        void begin() {
            dialer.dial(host, tls.latest(), Pool.this).subscribe(this);
        }

        @Override
        protected void hookOnNext(Dialer.Dialed dialed) {
            Connection made = dialed.connection();
            change(deeds -> {
                if (!dialing.remove(this)) {
                    deeds.add(() -> made.close(CLOSED));
                } else if (!made.hasEnded()) {
                    lines.add(made);
                    doubtful = false;
                    growsFrom = ticker.nanoTime();
                    made.place().idleSince = ticker.nanoTime();
                    watchIdle(made, settings.idle().toNanos());
                }
            });
        }

        @Override
        protected void hookOnError(Throwable error) {
            KmipException failure = error instanceof KmipException known
                    ? known
                    : new Unreachable(
                            new Attempt("connect", host.toString()),
                            "no connection could be made: " + error.getClass().getSimpleName(),
                            "this should not happen: report it",
                            error);
            change(deeds -> {
                dialing.remove(this);
                doubtful = true;
                growsFrom = ticker.nanoTime() + NO_GROWTH.toNanos();
                if (lines.isEmpty() && dialing.isEmpty()) {
                    waiting.removeAll().forEach(one -> deeds.add(() -> one.fail(new Lost(failure, Lost.When.UNSENT))));
                }
            });
        }
    }
}
