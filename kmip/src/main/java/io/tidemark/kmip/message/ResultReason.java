package io.tidemark.kmip.message;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.ttlv.EnumerationNames;
import io.tidemark.kmip.ttlv.Tag;
import java.util.OptionalInt;

/**
 * Why a server says no: a number, since servers send numbers of later versions to clients of earlier ones. Handle it by
 * {@link #meaning()}, never by one number: the same thing has another on every server.
 *
 * <p>Source: KMIP 2.1, Result Reason Enumeration; what servers mean by them: KMIP.md section 5.
 */
public record ResultReason(int code) {
    /** For what is no success and gives no reason of its own. */
    public static final ResultReason GENERAL_FAILURE = new ResultReason(0x100);

    /** What a reason tells who asked for a key. */
    public enum Meaning {
        /** No such key, or one of another owner: the servers that hide keys use the same numbers for both. */
        KEY_NOT_FOUND,
        /** The key was there and is gone for good. */
        KEY_DESTROYED,
        /** Who asks is known, and may not; or the key may not leave the server. Two servers also say this of an inactive key. */
        NOT_PERMITTED,
        /** The key's state does not allow it. */
        WRONG_LIFECYCLE_STATE,
        /** The server does not have this operation, or not in this version. */
        NOT_SUPPORTED,
        /** The server did not understand the message. */
        NOT_UNDERSTOOD,
        /** Anything else. */
        OTHER
    }

    public Meaning meaning() {
        return switch (code) {
            case 0x01, 0x37 -> Meaning.KEY_NOT_FOUND;
            case 0x36 -> Meaning.KEY_DESTROYED;
            case 0x03, 0x0C, 0x16, 0x17, 0x39 -> Meaning.NOT_PERMITTED;
            case 0x0B, 0x0D, 0x43 -> Meaning.WRONG_LIFECYCLE_STATE;
            case 0x05, 0x08, 0x3F -> Meaning.NOT_SUPPORTED;
            case 0x04, 0x26, 0x3B, 0x3C, 0x3D -> Meaning.NOT_UNDERSTOOD;
            default -> Meaning.OTHER;
        };
    }

    /** Whether the server itself refused, and for a reason that means this. */
    public static boolean hasMeaning(KmipException failure, Meaning meaning) {
        OptionalInt reason = failure.resultReason();
        return reason.isPresent() && new ResultReason(reason.getAsInt()).meaning() == meaning;
    }

    /** The name of the specification, or the number: {@code ObjectNotFound}, {@code 0x8000000A}. */
    @Override
    public String toString() {
        return EnumerationNames.printed(Tag.RESULT_REASON, code);
    }
}
