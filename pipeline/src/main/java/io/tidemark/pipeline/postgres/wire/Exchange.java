package io.tidemark.pipeline.postgres.wire;

import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** One question and what comes back, up to ReadyForQuery: demand and cancellation of its one subscriber. */
final class Exchange implements Subscription {
    private static final AtomicLongFieldUpdater<Exchange> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Exchange.class, "requested");

    private final SessionHandler session;
    private final CoreSubscriber<? super BackendMessage> subscriber;
    private final String attempted;
    private final FrontendMessage request;
    private final Duration first;
    private final Duration between;

    // added to by any thread, taken from by the event loop
    private volatile long requested;
    // set by any thread, read by the event loop
    private volatile boolean cancelled;
    // the rest belongs to the event loop
    private boolean answered;
    private @Nullable RuntimeException refusal;

    Exchange(
            SessionHandler session,
            CoreSubscriber<? super BackendMessage> subscriber,
            String attempted,
            FrontendMessage request,
            Duration first,
            Duration between) {
        this.session = session;
        this.subscriber = subscriber;
        this.attempted = attempted;
        this.request = request;
        this.first = first;
        this.between = between;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            long before = Operators.addCap(REQUESTED, this, n);
            if (before == 0) {
                session.demanded();
            }
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        session.cancelled(this);
    }

    /** Completes messages: what was tried. */
    String attempted() {
        return attempted;
    }

    FrontendMessage request() {
        return request;
    }

    /** How long the server may be silent now. */
    long patienceNanos() {
        return (answered ? between : first).toNanos();
    }

    /** Whether the next message has a taker: the subscriber, or nobody once the server has refused and the rest is passed over. */
    boolean wantsMore() {
        return requested > 0 || refusal != null;
    }

    /** Says so once. */
    boolean isFirstAnswer() {
        boolean isFirst = !answered;
        answered = true;
        return isFirst;
    }

    void refused(RuntimeException failure) {
        if (refusal == null) {
            refusal = failure;
        }
    }

    @Nullable
    RuntimeException refusal() {
        return refusal;
    }

    /** Hands the message on; only where {@link #wantsMore}. */
    void next(BackendMessage message) {
        if (cancelled || refusal != null) {
            message.discard();
            return;
        }
        if (requested != Long.MAX_VALUE) {
            REQUESTED.decrementAndGet(this);
        }
        subscriber.onNext(message);
    }

    void complete() {
        if (cancelled) {
            return;
        }
        if (refusal != null) {
            subscriber.onError(refusal);
        } else {
            subscriber.onComplete();
        }
    }

    /** The server's own words are worth more than what became of the connection after them. */
    void fail(Throwable failure) {
        if (cancelled) {
            return;
        }
        subscriber.onError(refusal != null ? refusal : failure);
    }
}
