package io.tidemark.pipeline.catalog;

import java.util.regex.Pattern;

/**
 * PostgreSQL's system identifier: 64 bits, unsigned, drawn by initdb and never zero. The first part of every object
 * name but the marker's, the keyset's and the index's. Source: PostgreSQL 17, src/include/catalog/pg_control.h.
 */
public record SystemIdentifier(long value) implements Comparable<SystemIdentifier> {
    private static final Pattern DECIMAL = Pattern.compile("[1-9][0-9]{0,19}");

    public SystemIdentifier {
        if (value == 0) {
            throw new IllegalArgumentException("system identifier 0 does not exist");
        }
    }

    /** Reads the decimal form, without sign or leading zeros. */
    public static SystemIdentifier parse(String text) {
        if (isDecimal(text)) {
            return new SystemIdentifier(Long.parseUnsignedLong(text));
        }
        throw new IllegalArgumentException(
                "no system identifier: '" + text + "', expected such as 7710995161739907408");
    }

    /** Whether {@link #parse} accepts the text. */
    static boolean isDecimal(String text) {
        return DECIMAL.matcher(text).matches() && (text.length() < 20 || text.compareTo("18446744073709551615") <= 0);
    }

    @Override
    public int compareTo(SystemIdentifier other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** The decimal form, as pg_controldata prints it; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
