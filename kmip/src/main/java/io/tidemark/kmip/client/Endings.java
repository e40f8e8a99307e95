package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.ProtocolViolation;
import io.tidemark.kmip.KmipException.ServerRefused;
import io.tidemark.kmip.KmipException.TimedOut;
import io.tidemark.kmip.KmipException.Unreachable;
import io.tidemark.kmip.message.RequestMessage;
import io.tidemark.kmip.ttlv.MalformedMessage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Why a request got no answer on its connection, in words. */
final class Endings {
    private Endings() {}

    static TimedOut late(Attempt attempt, long nanos) {
        return new TimedOut(
                attempt,
                "no answer within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms",
                "see whether the server is well; some leave a request unanswered when they fail themselves");
    }

    /** The connection was closed since another request on it was late. */
    static Unreachable behind(Attempt attempt, Attempt late) {
        return new Unreachable(
                attempt,
                "the connection was closed, since " + late.operation() + " got no answer on it",
                "see whether the server is well",
                null);
    }

    static TimedOut drips(Attempt attempt, long bytes) {
        return new TimedOut(
                attempt,
                "the answer has begun, and its " + bytes + " bytes come too slowly",
                "see whether the server, or the way to it, is overloaded");
    }

    static Unreachable closed(Attempt attempt, String why) {
        return new Unreachable(attempt, why, "ask again", null);
    }

    static Unreachable gone(Attempt attempt, @Nullable Throwable cause) {
        return new Unreachable(
                attempt,
                "the connection ended before the answer",
                "see whether the server was stopped, and whether its log says why it closed the connection",
                cause);
    }

    static ProtocolViolation violated(Attempt attempt, Throwable cause) {
        String what = cause instanceof MalformedMessage
                ? String.valueOf(cause.getMessage())
                : cause.getClass().getSimpleName();
        return new ProtocolViolation(
                attempt,
                "the answer breaks the protocol: " + what,
                "see whether this is a KMIP server, and report it to its maker; the connection was closed",
                cause);
    }

    static ServerRefused unwritable(Attempt attempt, RequestMessage request, RuntimeException cause) {
        return new ServerRefused(
                attempt,
                "it cannot be said in KMIP " + request.version() + ": " + cause.getMessage(),
                "ask in another version, or for something else");
    }
}
