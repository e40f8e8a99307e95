package io.tidemark.pipeline.keys.cache;

import io.tidemark.pipeline.keys.provider.FetchedKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/** One subscriber of a fetch: takes one key or one failure. A key that comes after its cancel is closed. */
final class KeyWaiter implements Subscription {
    private final Subscriber<? super FetchedKey> subscriber;
    private final Consumer<KeyWaiter> onCancel;

    // guarded by this; signals are given outside
    private boolean requested;
    private boolean ended;
    private @Nullable FetchedKey key;

    KeyWaiter(Subscriber<? super FetchedKey> subscriber, Consumer<KeyWaiter> onCancel) {
        this.subscriber = subscriber;
        this.onCancel = onCancel;
    }

    /** Gives the key on, or keeps it until it is requested. */
    void give(FetchedKey given) {
        synchronized (this) {
            if (ended) {
                given.close();
                return;
            }
            if (!requested) {
                key = given;
                return;
            }
            ended = true;
        }
        emit(given);
    }

    void fail(Throwable failure) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        subscriber.onError(failure);
    }

    /** Answered or cancelled. */
    synchronized boolean isEnded() {
        return ended;
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        FetchedKey waiting;
        synchronized (this) {
            requested = true;
            waiting = key;
            key = null;
            if (ended || waiting == null) {
                return;
            }
            ended = true;
        }
        emit(waiting);
    }

    @Override
    public void cancel() {
        FetchedKey unwanted;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            unwanted = key;
            key = null;
        }
        if (unwanted != null) {
            unwanted.close();
        }
        onCancel.accept(this);
    }

    private void emit(FetchedKey given) {
        subscriber.onNext(given);
        subscriber.onComplete();
    }
}
