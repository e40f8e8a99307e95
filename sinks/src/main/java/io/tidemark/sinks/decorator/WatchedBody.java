package io.tidemark.sinks.decorator;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ObjectBody;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A body that tells when the store has asked it for bytes that it has not given yet: then the store is not the one that stands still. */
final class WatchedBody implements ObjectBody {

    private final ObjectBody body;
    private final Movement movement;

    WatchedBody(ObjectBody body, Movement movement) {
        this.body = body;
        this.movement = movement;
    }

    @Override
    public Flux<ByteBuf> bytes() {
        return body.bytes().transform(source -> new Flux<ByteBuf>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
                source.subscribe(new Reading(actual, movement));
            }
        });
    }

    @Override
    public OptionalLong sizeBytes() {
        return body.sizeBytes();
    }

    private static final class Reading implements CoreSubscriber<ByteBuf>, Subscription {
        private static final long ENDED = -1;

        private final CoreSubscriber<? super ByteBuf> actual;
        private final Movement movement;
        /** Asked for and not given; Long.MAX_VALUE for all; ENDED. */
        private final AtomicLong owed = new AtomicLong();

        private volatile Subscription upstream = Operators.emptySubscription();

        Reading(CoreSubscriber<? super ByteBuf> actual, Movement movement) {
            this.actual = actual;
            this.movement = movement;
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
            long before = owed.getAndUpdate(old -> old == ENDED ? ENDED : Operators.addCap(old, n));
            if (before == 0) {
                movement.othersTurn();
            }
            upstream.request(n);
        }

        @Override
        public void onNext(ByteBuf buffer) {
            long before = owed.getAndUpdate(old -> old == ENDED || old == 0 || old == Long.MAX_VALUE ? old : old - 1);
            if (before == 1) {
                movement.othersTurnEnds();
            } else {
                movement.moved();
            }
            actual.onNext(buffer);
        }

        @Override
        public void onError(Throwable error) {
            end();
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            end();
            actual.onComplete();
        }

        @Override
        public void cancel() {
            end();
            upstream.cancel();
        }

        private void end() {
            if (owed.getAndSet(ENDED) > 0) {
                movement.othersTurnEnds();
            }
        }
    }
}
