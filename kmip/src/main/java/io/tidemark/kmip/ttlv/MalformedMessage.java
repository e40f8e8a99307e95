package io.tidemark.kmip.ttlv;

import java.util.Locale;

/**
 * Bytes that are not TTLV, break a limit, or a message that KMIP does not allow. The connection they came from is not trusted any
 * further. The message names tags, types, lengths and offsets, never a value that may be a key.
 */
public final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessage(String message) {
        super(message);
    }

    public MalformedMessage(String message, Throwable cause) {
        super(message, cause);
    }

    /** With a message in the words of {@link String#format}. */
    public static MalformedMessage of(String format, Object... values) {
        return new MalformedMessage(String.format(Locale.ROOT, format, values));
    }
}
