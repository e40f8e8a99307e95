package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.message.BatchResult;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestMessage;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.tls.KmipTls;
import io.tidemark.kmip.ttlv.MalformedMessage;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One request and its one subscriber. It sets out with the first demand. A cancel takes it back if it is not sent yet; otherwise its answer
 * is let come, checked as any other and not handed on. Usable from any thread.
 */
final class Exchange<A> implements Subscription {
    private final CoreSubscriber<? super A> subscriber;
    private final Question<A> question;
    private final Way way;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NEW);

    /** Where it stands, for its subscriber. */
    private enum Stage {
        NEW,
        ASKED,
        ENDED
    }

    /** @param deadline until then there is an answer, or a failure */
    record Question<A>(RequestPayload<A> payload, ProtocolVersion version, Attempt attempt, Deadline deadline) {}

    /** Who brings it on its way. */
    interface Way {
        void take(Exchange<?> exchange);

        /** Its subscriber wants no answer any more. */
        void cancelled(Exchange<?> exchange);
    }

    private Exchange(CoreSubscriber<? super A> subscriber, Question<A> question, Way way) {
        this.subscriber = subscriber;
        this.question = question;
        this.way = way;
    }

    /** The answer. Fails with {@link Lost}, or with what the server refused. Cold: each subscription asks. */
    static <A> Mono<A> of(Question<A> question, Way way) {
        return Mono.fromDirect(subscriber -> {
            Exchange<A> exchange = new Exchange<>(Operators.toCoreSubscriber(subscriber), question, way);
            subscriber.onSubscribe(exchange);
        });
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && stage.compareAndSet(Stage.NEW, Stage.ASKED)) {
            way.take(this);
        }
    }

    @Override
    public void cancel() {
        if (stage.getAndSet(Stage.ENDED) == Stage.ASKED) {
            way.cancelled(this);
        }
    }

    /** Whether somebody still waits for it. */
    boolean isWanted() {
        return stage.get() == Stage.ASKED;
    }

    Attempt attempt() {
        return question.attempt();
    }

    Deadline deadline() {
        return question.deadline();
    }

    /** @throws IllegalArgumentException where the version does not have what is asked */
    RequestMessage message(long id) {
        return RequestMessage.of(question.version(), id, question.payload());
    }

    void fail(RuntimeException failure) {
        if (stage.compareAndSet(Stage.ASKED, Stage.ENDED)) {
            subscriber.onError(failure);
        }
    }

    /**
     * Reads the answer, which is lent, and returns what tells the subscriber: for later, when nothing is left to be read.
     *
     * @throws MalformedMessage where it is not the answer to this
     */
    Runnable read(RequestMessage request, ResponseMessage response, KmipTls tls) {
        BatchResult result = request.results(response).get(0);
        if (result instanceof BatchResult.Unanswered) {
            throw new MalformedMessage("the answer has no result");
        }
        if (!isWanted()) {
            return () -> {};
        }
        if (result instanceof BatchResult.Refused refused) {
            RuntimeException refusal = new Refusal(attempt(), question.payload().operation(), tls).of(refused);
            return () -> fail(refusal);
        }
        A answer = question.payload().read(((BatchResult.Success) result).payload(), question.version());
        return () -> deliver(answer);
    }

    private void deliver(A answer) {
        if (stage.compareAndSet(Stage.ASKED, Stage.ENDED)) {
            subscriber.onNext(answer);
            subscriber.onComplete();
        } else {
            close(answer);
        }
    }

    /** What holds a key, and has nobody who would close it. */
    private static void close(Object answer) {
        if (answer instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("a key that cannot be wiped", e);
            }
        }
    }
}
