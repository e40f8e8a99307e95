package io.tidemark.crypto.postgres;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log sequence number: a byte position in the WAL, 64 bits, unsigned. Zero is PostgreSQL's invalid LSN.
 *
 * <p>Source: PostgreSQL 17, {@code pg_lsn} (src/backend/utils/adt/pg_lsn.c).
 */
public record Lsn(long value) implements Comparable<Lsn> {
    public static final Lsn INVALID = new Lsn(0);

    private static final Pattern PRINTED = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");
    private static final Pattern SIXTEEN_HEX = Pattern.compile("[0-9a-f]{16}");

    /**
     * Reads PostgreSQL's form, {@code 16/B374D848}, in either case.
     *
     * @throws IllegalArgumentException on anything else; never a quiet zero
     */
    public static Lsn parse(String text) {
        Matcher matcher = PRINTED.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no LSN: '" + text + "', expected such as 16/B374D848");
        }
        long high = Long.parseUnsignedLong(matcher.group(1), 16);
        long low = Long.parseUnsignedLong(matcher.group(2), 16);
        return new Lsn(high << 32 | low);
    }

    /** Reads the form used in object names: sixteen lower-case hex digits, no slash. */
    public static Lsn fromHex16(String text) {
        if (!SIXTEEN_HEX.matcher(text).matches()) {
            throw new IllegalArgumentException("no LSN of sixteen lower-case hex digits: '" + text + "'");
        }
        return new Lsn(Long.parseUnsignedLong(text, 16));
    }

    /** The form used in object names: sixteen lower-case hex digits, so that names sort as LSNs do. */
    public String hex16() {
        return String.format(Locale.ROOT, "%016x", value);
    }

    /** The position {@code bytes} further on; wraps like PostgreSQL's unsigned arithmetic. */
    public Lsn plus(long bytes) {
        return new Lsn(value + bytes);
    }

    /** Bytes from {@code earlier} to here; negative where {@code earlier} is the later one. */
    public long distanceFrom(Lsn earlier) {
        return value - earlier.value;
    }

    /** The last multiple of {@code alignment} at or before this position; a power of two, in bytes. */
    public Lsn alignedDown(long alignment) {
        if (Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("alignment is no power of two: " + alignment);
        }
        return new Lsn(value & -alignment);
    }

    /** Whether this is not PostgreSQL's invalid LSN, {@code 0/0}. */
    public boolean isValid() {
        return value != 0;
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** PostgreSQL's form, {@code 16/B374D848}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFFFFFFL);
    }
}
