package io.tidemark.pipeline.care.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.message.ResultReason;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;

/** What the client says, as what it means for keys. */
final class Failures {
    private Failures() {}

    static KeysFailed of(KmipException failure) {
        return new KeysFailed(reason(failure), String.valueOf(failure.getMessage()), failure.hint(), failure);
    }

    /** Of an answer that could be read, and contradicts itself. */
    static KeysFailed of(MalformedMessage failure) {
        return new KeysFailed("the server's answer makes no sense: " + failure.getMessage(), failure);
    }

    private static Reason reason(KmipException failure) {
        return switch (failure.kind()) {
            case KEY_NOT_FOUND -> isDestroyed(failure) ? Reason.LOST : Reason.ABSENT;
            case NOT_PERMITTED -> Reason.DENIED;
            case WRONG_LIFECYCLE_STATE -> Reason.STATE;
            case UNREACHABLE, TIMED_OUT -> Reason.UNREACHABLE;
            case TLS_REFUSED -> isOurs(((TlsRefused) failure).check()) ? Reason.DENIED : Reason.UNTRUSTED;
            case SERVER_REFUSED, PROTOCOL_VIOLATION, FILES_UNUSABLE -> Reason.UNUSABLE;
        };
    }

    private static boolean isDestroyed(KmipException failure) {
        return failure.resultReason().isPresent()
                && new ResultReason(failure.resultReason().getAsInt()).meaning() == ResultReason.Meaning.KEY_DESTROYED;
    }

    private static boolean isOurs(TlsRefused.Check check) {
        return switch (check) {
            case CLIENT_MISSING, CLIENT_EXPIRED, CLIENT_ISSUER, CLIENT_USAGE, CLIENT_CERTIFICATE, CLIENT_SUSPECTED ->
                true;
            case SERVER_NAME,
                    SERVER_WITHOUT_NAMES,
                    SERVER_EXPIRED,
                    SERVER_NOT_YET_VALID,
                    SERVER_ISSUER,
                    SERVER_USAGE,
                    SERVER_CERTIFICATE,
                    NOTHING_IN_COMMON,
                    HANDSHAKE -> false;
        };
    }
}
