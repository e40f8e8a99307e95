package io.tidemark.pipeline.care.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Whose;
import io.tidemark.kmip.message.ResultReason;
import io.tidemark.kmip.message.ResultReason.Meaning;
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
            case KEY_NOT_FOUND -> ResultReason.hasMeaning(failure, Meaning.KEY_DESTROYED) ? Reason.LOST : Reason.ABSENT;
            case NOT_PERMITTED -> Reason.DENIED;
            case WRONG_LIFECYCLE_STATE -> Reason.STATE;
            case UNREACHABLE, TIMED_OUT -> Reason.UNREACHABLE;
            case TLS_REFUSED -> ((TlsRefused) failure).check().whose() == Whose.OURS ? Reason.DENIED : Reason.UNTRUSTED;
            case SERVER_REFUSED, PROTOCOL_VIOLATION, FILES_UNUSABLE -> Reason.UNUSABLE;
        };
    }
}
