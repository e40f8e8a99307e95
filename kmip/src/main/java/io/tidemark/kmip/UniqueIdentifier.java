package io.tidemark.kmip;

import java.nio.charset.StandardCharsets;

/**
 * A server's own name of one object. Never empty: a server takes an empty identifier for none and acts on the object that somebody
 * made last. At most {@value #MOST_BYTES} bytes of UTF-8 without control characters, for it comes from the server and goes into messages.
 *
 * <p>Source: KMIP 1.4, Unique Identifier; the limit is libkmip's.
 */
public record UniqueIdentifier(String value) {
    /** In UTF-8. */
    public static final int MOST_BYTES = 128;

    /** @throws IllegalArgumentException where it is empty, too long or has control characters */
    public UniqueIdentifier {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a unique identifier is empty");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("a unique identifier has " + bytes + " bytes, more than " + MOST_BYTES);
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a unique identifier has control characters");
        }
    }

    /** The identifier itself. */
    @Override
    public String toString() {
        return value;
    }
}
