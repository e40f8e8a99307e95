package io.tidemark.sinks.decorator;

import io.netty.util.ReferenceCountUtil;
import io.tidemark.sinks.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * What a store gives, or a {@link StoreUnavailable} when it gives nothing for so long although it was asked. Reactor's own timeout does
 * not do, for it counts the time that a consumer takes as well.
 */
final class StallWatch<T> extends Flux<T> {
    private static final int LOOKS = 8;

    private final Flux<T> source;
    private final String what;
    private final Duration longest;
    private final Movement movement;
    private final Scheduler timer;

    StallWatch(Flux<T> source, String what, Duration longest, Movement movement, Scheduler timer) {
        this.source = source;
        this.what = what;
        this.longest = longest;
        this.movement = movement;
        this.timer = timer;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Watching(actual));
    }

    private enum State {
        IDLE,
        GIVING,
        ENDED
    }

    private final class Watching implements CoreSubscriber<T>, Subscription {
        private final CoreSubscriber<? super T> actual;
        private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
        private final AtomicLong owed = new AtomicLong();
        private final Disposable.Swap looks = Disposables.swap();
        private volatile Subscription upstream = Operators.emptySubscription();

        Watching(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            long period = Math.max(1, longest.toNanos() / LOOKS);
            looks.update(timer.schedulePeriodically(this::look, period, period, TimeUnit.NANOSECONDS));
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            // until now the consumer was waited for
            if (owed.getAndUpdate(old -> Operators.addCap(old, n)) == 0) {
                movement.moved();
            }
            upstream.request(n);
        }

        @Override
        public void onNext(T element) {
            if (!state.compareAndSet(State.IDLE, State.GIVING)) {
                // on its way when the attempt was ended
                ReferenceCountUtil.safeRelease(element);
                return;
            }
            movement.moved();
            owed.getAndUpdate(old -> old == Long.MAX_VALUE ? old : old - 1);
            actual.onNext(element);
            state.compareAndSet(State.GIVING, State.IDLE);
        }

        @Override
        public void onError(Throwable error) {
            looks.dispose();
            if (state.getAndSet(State.ENDED) != State.ENDED) {
                actual.onError(error);
            }
        }

        @Override
        public void onComplete() {
            looks.dispose();
            if (state.getAndSet(State.ENDED) != State.ENDED) {
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            looks.dispose();
            upstream.cancel();
        }

        private void look() {
            if (owed.get() > 0
                    && movement.stillNanos() >= longest.toNanos()
                    && state.compareAndSet(State.IDLE, State.ENDED)) {
                looks.dispose();
                upstream.cancel();
                actual.onError(new StoreUnavailable(
                        what + ": the store gave no byte and no answer for " + longest.toMillis() + " ms", null));
            }
        }
    }
}
