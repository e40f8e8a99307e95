package io.tidemark.it.s3.proxy;

import java.io.IOException;
import java.time.Duration;

/** What goes wrong with one request. Each draws where it strikes from a number between 0 and 1. */
public enum Fault {
    /** The connection breaks while the request is on its way: its head may have come, its body has not. */
    CUT_REQUEST {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.passRequestPart(where);
            exchange.cut();
        }
    },
    /** The request is done, the connection breaks within the answer's body. */
    CUT_ANSWER {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.passRequest();
            exchange.passAnswerPart(where);
            exchange.cut();
        }
    },
    /** The request is done, and nobody hears of it. */
    LOST_ANSWER {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.passRequest();
            exchange.dropAnswer();
            exchange.cut();
        }
    },
    /** Nothing is done and nothing comes; the connection stays open for a while. */
    STALL {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.readRequest();
            exchange.hold(Duration.ofMillis((long) (200 + 2_000 * where)));
            exchange.cut();
        }
    },
    /** The request is done; the answer's body stops in its middle, and the connection stays open for a while. */
    STALL_IN_ANSWER {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.passRequest();
            exchange.passAnswerPart(where);
            exchange.hold(Duration.ofMillis((long) (200 + 2_000 * where)));
            exchange.cut();
        }
    },
    /** The request is done; its answer comes byte after byte. */
    SLOW_LORIS {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.passRequest();
            exchange.dripAnswer(Duration.ofMillis((long) (300 * where)));
        }
    },
    /** It takes its time. */
    DELAY {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.hold(Duration.ofMillis((long) (400 * where)));
            exchange.pass();
        }
    },
    INTERNAL_ERROR {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.readRequest();
            exchange.answer(500, "InternalError");
        }
    },
    SLOW_DOWN {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.readRequest();
            exchange.answer(503, "SlowDown");
        }
    },
    /** The disk is full. */
    FULL {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.readRequest();
            exchange.answer(507, "InsufficientStorage");
        }
    },
    /** Nothing is done, and the answer's 200 has an error as its body, as CompleteMultipartUpload may answer; 500 to all other requests. */
    ERROR_IN_200 {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.readRequest();
            exchange.answer(exchange.completesUpload() ? 200 : 500, "InternalError");
        }
    },
    /** This connection breaks, and the next ones do as soon as they are made. */
    REFUSE {
        @Override
        void play(Exchange exchange, double where) throws IOException {
            exchange.refuseNext((int) (1 + 4 * where));
            exchange.cut();
        }
    };

    /** @param where from 0, below 1 */
    abstract void play(Exchange exchange, double where) throws IOException;
}
