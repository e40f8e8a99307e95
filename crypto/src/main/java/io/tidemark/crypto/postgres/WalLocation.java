package io.tidemark.crypto.postgres;

/**
 * A byte of the WAL: a timeline and an LSN are one value with one order, the timeline first.
 *
 * <p>Source: pg_tde, {@code WalLocation} (src/include/access/pg_tde_xlog_keys.h).
 */
public record WalLocation(TimelineId timeline, Lsn lsn) implements Comparable<WalLocation> {
    @Override
    public int compareTo(WalLocation other) {
        int byTimeline = timeline.compareTo(other.timeline);
        return byTimeline != 0 ? byTimeline : lsn.compareTo(other.lsn);
    }

    /** Such as {@code 00000002:16/B374D848}. */
    @Override
    public String toString() {
        return timeline + ":" + lsn;
    }
}
