package io.tidemark.sinks.testing.s3;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Something that a {@link ScriptedS3} does wrong, as a value: which requests, what happens.
 *
 * <pre>{@code
 * S3Fault.on(PUT_OBJECT).nth(1).answers(503, "SlowDown")
 * S3Fault.on(COMPLETE_MULTIPART_UPLOAD).answersOkWith("InternalError")
 * S3Fault.on(UPLOAD_PART).nth(2).losesTheAnswer()
 * S3Fault.on(GET_OBJECT).keyHolds("wal/").closesInAnswerAfter(70_000)
 * S3Fault.any().from(3).stalls()
 * }</pre>
 */
public final class S3Fault {

    private final Requests requests;
    private final Effect effect;

    private S3Fault(Requests requests, Effect effect) {
        this.requests = requests;
        this.effect = effect;
    }

    /** Requests of these operations, counted together. */
    public static Requests on(S3Operation first, S3Operation... others) {
        return new Requests(EnumSet.of(first, others), 1, Long.MAX_VALUE, "");
    }

    /** Requests of every kind, counted together. */
    public static Requests any() {
        return new Requests(EnumSet.allOf(S3Operation.class), 1, Long.MAX_VALUE, "");
    }

    boolean concerns(S3Request request) {
        return requests.operations.contains(request.operation())
                && request.key().contains(requests.keyHolds);
    }

    /** @param call counted from 1 among the requests that this fault concerns */
    boolean hits(long call) {
        return call >= requests.first && call <= requests.last;
    }

    Effect effect() {
        return effect;
    }

    /** How an exchange goes that is hit. */
    interface Effect {
        void play(Exchange exchange) throws IOException, InterruptedException;
    }

    /**
     * The requests that a fault hits; all of them unless said otherwise.
     *
     * @param first the first request that is hit, counted from 1
     * @param last the last one
     * @param keyHolds what the key must contain; empty for any
     */
    public record Requests(Set<S3Operation> operations, long first, long last, String keyHolds) {

        public Requests {
            operations = Set.copyOf(operations);
        }

        /** Only the n-th, counted from 1. */
        public Requests nth(long n) {
            return new Requests(operations, n, n, keyHolds);
        }

        /** The n-th and all later ones. */
        public Requests from(long n) {
            return new Requests(operations, n, Long.MAX_VALUE, keyHolds);
        }

        /** The first n: a server that comes back. */
        public Requests untilAfter(long n) {
            return new Requests(operations, 1, n, keyHolds);
        }

        /** Only keys that contain this. */
        public Requests keyHolds(String part) {
            return new Requests(operations, first, last, part);
        }

        /** Nothing is done; this status and S3's XML with this code come back. */
        public S3Fault answers(int status, String code) {
            return answers(status, code, Map.of());
        }

        /** The same, with fields: {@code Retry-After}, {@code Date}, {@code x-amz-bucket-region}. */
        public S3Fault answers(int status, String code, Map<String, String> fields) {
            return with(exchange -> {
                exchange.readBody();
                exchange.send(S3Answer.error(status, code).withAll(fields));
            });
        }

        /** As {@link #answers}, but before a byte of the body has been read; the connection is closed behind it. */
        public S3Fault answersEarly(int status, String code) {
            return with(exchange -> {
                exchange.send(S3Answer.error(status, code).with("Connection", "close"));
                exchange.close();
            });
        }

        /** Nothing is done; 200 comes back, with an error as its body, as CompleteMultipartUpload and CopyObject may. */
        public S3Fault answersOkWith(String code) {
            return answers(200, code);
        }

        /** Nothing is done, this comes back: a proxy's page, half a document, an answer of another server. */
        public S3Fault answersBody(int status, String body) {
            return with(exchange -> {
                exchange.readBody();
                exchange.send(S3Answer.text(status, body));
            });
        }

        /** So many bytes of the request's body are read, then the connection is closed; nothing is done. */
        public S3Fault closesInRequestAfter(long bytes) {
            return with(exchange -> {
                exchange.skipBody(bytes);
                exchange.close();
            });
        }

        /** Everything is read, nothing done, the connection closed. */
        public S3Fault closes() {
            return with(exchange -> {
                exchange.readBody();
                exchange.close();
            });
        }

        /** The request is done, the connection closed without an answer. */
        public S3Fault losesTheAnswer() {
            return with(exchange -> {
                exchange.perform();
                exchange.close();
            });
        }

        /** The request is done; so many bytes of the answer's body are sent, then the connection is closed. */
        public S3Fault closesInAnswerAfter(int bytes) {
            return with(exchange -> {
                exchange.sendPart(exchange.perform(), bytes);
                exchange.close();
            });
        }

        /** The request is done; so many bytes of the answer's body are sent, then nothing more, and it stays open. */
        public S3Fault stallsInAnswerAfter(int bytes) {
            return with(exchange -> {
                exchange.sendPart(exchange.perform(), bytes);
                exchange.stall();
            });
        }

        /** Nothing is done, no answer ever comes, and the connection stays open. */
        public S3Fault stalls() {
            return with(exchange -> {
                exchange.readBody();
                exchange.stall();
            });
        }

        /** The request is done; the answer says that its body is so much longer than what is sent before the close. */
        public S3Fault liesAboutLength(long more) {
            return with(exchange -> {
                exchange.sendAs(exchange.perform(), more);
                exchange.close();
            });
        }

        /** The request is done; the lowest bit of this byte of the answer's body comes flipped. */
        public S3Fault flips(int offset) {
            return with(exchange -> {
                S3Answer answer = exchange.perform();
                byte[] content = answer.body().clone();
                content[offset] ^= 1;
                exchange.send(answer.body(content));
            });
        }

        /** The request waits for the latch before it is done: how tests see what goes on at once. */
        public S3Fault waitsFor(CountDownLatch latch) {
            return with(exchange -> {
                exchange.readBody();
                latch.await();
                exchange.send(exchange.perform());
            });
        }

        /** The request is done, with these fields in the answer. */
        public S3Fault adds(Map<String, String> fields) {
            return with(exchange -> exchange.send(exchange.perform().withAll(fields)));
        }

        private S3Fault with(Effect effect) {
            return new S3Fault(this, effect);
        }
    }
}
