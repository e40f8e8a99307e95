package io.tidemark.sinks.decorator;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * So many bytes a second for everything that flows through it, however many streams that are. A stream that was given a buffer waits
 * before it asks for the next one, so that no buffer lies about: each holds its own until the consumer has it.
 */
public final class Throttle {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What may come at once after a silence: a tenth of a second's worth. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long bytesPerSecond;
    private final Scheduler timer;

    // guarded by this: when what was let through so far will have been paid for
    private long paid;

    /** @param timer waits, and asks sources for more */
    public Throttle(long bytesPerSecond, Scheduler timer) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("no rate: " + bytesPerSecond + " bytes a second");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.timer = timer;
        this.paid = timer.now(TimeUnit.NANOSECONDS) - BURST_NANOS;
    }

    /** The same buffers, in the same order and given to the same receiver, when their time has come. */
    Flux<ByteBuf> slowed(Flux<ByteBuf> source) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
                source.subscribe(new Slowed(actual));
            }
        };
    }

    /** Takes the bytes, and says for how many nanoseconds nobody should take more. */
    private synchronized long take(int bytes) {
        long now = timer.now(TimeUnit.NANOSECONDS);
        paid = Math.max(paid, now - BURST_NANOS) + (long) (bytes * NANOS / bytesPerSecond);
        return Math.max(0, paid - now);
    }

    private synchronized long debt() {
        return Math.max(0, paid - timer.now(TimeUnit.NANOSECONDS));
    }

    private final class Slowed implements CoreSubscriber<ByteBuf>, Subscription {
        private final CoreSubscriber<? super ByteBuf> actual;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger signals = new AtomicInteger();
        private final Disposable.Swap wait = Disposables.swap();
        private volatile boolean asked;
        private volatile boolean waiting;
        private volatile Subscription upstream = Operators.emptySubscription();

        Slowed(CoreSubscriber<? super ByteBuf> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            demand.getAndUpdate(old -> Operators.addCap(old, n));
            drain();
        }

        @Override
        public void onNext(ByteBuf buffer) {
            take(buffer.readableBytes());
            demand.getAndUpdate(old -> old == Long.MAX_VALUE ? old : old - 1);
            actual.onNext(buffer);
            asked = false;
            drain();
        }

        @Override
        public void onError(Throwable error) {
            wait.dispose();
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            wait.dispose();
            actual.onComplete();
        }

        @Override
        public void cancel() {
            wait.dispose();
            upstream.cancel();
        }

        private void drain() {
            if (signals.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                if (!asked && !waiting && demand.get() > 0) {
                    askOrWait();
                }
                missed = signals.addAndGet(-missed);
            } while (missed != 0);
        }

        private void askOrWait() {
            long debt = debt();
            if (debt == 0) {
                asked = true;
                upstream.request(1);
            } else {
                waiting = true;
                wait.update(timer.schedule(this::waited, debt, TimeUnit.NANOSECONDS));
            }
        }

        private void waited() {
            waiting = false;
            drain();
        }
    }
}
