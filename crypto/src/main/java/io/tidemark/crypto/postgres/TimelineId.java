package io.tidemark.crypto.postgres;

import java.util.Locale;
import java.util.regex.Pattern;

/** A timeline: 32 bits, unsigned, never zero. Source: PostgreSQL 17, src/include/access/xlogdefs.h. */
public record TimelineId(int value) implements Comparable<TimelineId> {
    public static final TimelineId FIRST = new TimelineId(1);

    private static final Pattern EIGHT_HEX = Pattern.compile("[0-9A-F]{8}");

    public TimelineId {
        if (value == 0) {
            throw new IllegalArgumentException("timeline 0 does not exist");
        }
    }

    /** From a number as found in page headers, pg_control and history files; 1 to 2^32 - 1. */
    public static TimelineId of(long number) {
        if (number < 1 || number > 0xFFFFFFFFL) {
            throw new IllegalArgumentException("no timeline: " + number);
        }
        return new TimelineId((int) number);
    }

    /** Reads eight upper-case hex digits, as in names of WAL segments. */
    public static TimelineId parse(String text) {
        if (!EIGHT_HEX.matcher(text).matches()) {
            throw new IllegalArgumentException("no timeline of eight upper-case hex digits: '" + text + "'");
        }
        return new TimelineId(Integer.parseUnsignedInt(text, 16));
    }

    /** The number as PostgreSQL prints it in messages and history files. */
    public long number() {
        return Integer.toUnsignedLong(value);
    }

    @Override
    public int compareTo(TimelineId other) {
        return Integer.compareUnsigned(value, other.value);
    }

    /** Eight upper-case hex digits; {@link #parse} reads them back. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%08X", value);
    }
}
