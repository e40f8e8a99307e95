package io.tidemark.crypto.postgres;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a WAL segment: timeline ‖ log ‖ segment, each 32 bits as eight upper-case hex digits. Which LSNs it holds
 * depends on the segment size. {@code log} and {@code segment} are unsigned; the order is that of the names.
 *
 * <p>Source: PostgreSQL 17, {@code XLogFileName} (src/include/access/xlog_internal.h).
 */
public record WalSegmentName(TimelineId timeline, int log, int segment) implements Comparable<WalSegmentName> {
    private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");

    /**
     * Reads 24 upper-case hex digits.
     *
     * @throws IllegalArgumentException on anything else, timeline 0 included
     */
    public static WalSegmentName parse(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "no WAL segment name: '" + text + "', expected 24 upper-case hex digits");
        }
        return new WalSegmentName(
                TimelineId.parse(text.substring(0, 8)),
                Integer.parseUnsignedInt(text.substring(8, 16), 16),
                Integer.parseUnsignedInt(text.substring(16), 16));
    }

    /** Whether {@link #parse} accepts the text. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.startsWith("00000000");
    }

    /** The segment that holds the byte at {@code lsn}. */
    public static WalSegmentName of(TimelineId timeline, Lsn lsn, WalSegmentSize size) {
        return numbered(timeline, Long.divideUnsigned(lsn.value(), size.bytes()), size);
    }

    /** Whether a cluster with this segment size can have a segment of this name. */
    public boolean fits(WalSegmentSize size) {
        return Integer.compareUnsigned(segment, size.segmentsPerLogId()) < 0;
    }

    /**
     * The LSN of the first byte.
     *
     * @throws IllegalArgumentException where the name does not {@linkplain #fits fit} the size
     */
    public Lsn start(WalSegmentSize size) {
        return new Lsn(number(size) * size.bytes());
    }

    /** The LSN behind the last byte. */
    public Lsn end(WalSegmentSize size) {
        return start(size).plus(size.bytes());
    }

    public WalSegmentName next(WalSegmentSize size) {
        return numbered(timeline, number(size) + 1, size);
    }

    /** @throws IllegalArgumentException for the very first segment, which has none before it */
    public WalSegmentName previous(WalSegmentSize size) {
        long number = number(size);
        if (number == 0) {
            throw new IllegalArgumentException("no segment before " + this);
        }
        return numbered(timeline, number - 1, size);
    }

    /** The segment of the same LSNs on another timeline. */
    public WalSegmentName withTimeline(TimelineId other) {
        return new WalSegmentName(other, log, segment);
    }

    /** The first sixteen digits, which name the directory that the segment lies in (docs/FORMAT.md section 1). */
    public String run() {
        return toString().substring(0, 16);
    }

    @Override
    public int compareTo(WalSegmentName other) {
        int byTimeline = timeline.compareTo(other.timeline);
        if (byTimeline != 0) {
            return byTimeline;
        }
        int byLog = Integer.compareUnsigned(log, other.log);
        return byLog != 0 ? byLog : Integer.compareUnsigned(segment, other.segment);
    }

    /** 24 upper-case hex digits; {@link #parse} reads them back. */
    @Override
    public String toString() {
        return timeline + String.format(Locale.ROOT, "%08X%08X", log, segment);
    }

    private static WalSegmentName numbered(TimelineId timeline, long number, WalSegmentSize size) {
        int perLog = size.segmentsPerLogId();
        return new WalSegmentName(timeline, (int) (number / perLog), (int) (number % perLog));
    }

    // at most 2^44, so that signed arithmetic is safe up to the multiplication with the size
    private long number(WalSegmentSize size) {
        if (!fits(size)) {
            throw new IllegalArgumentException(
                    "segment name " + this + " does not exist with WAL segments of " + size.bytes() + " bytes");
        }
        return Integer.toUnsignedLong(log) * size.segmentsPerLogId() + segment;
    }
}
