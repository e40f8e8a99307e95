package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;

/**
 * Why the records end where they end. What it means is the caller's to judge: what PostgreSQL's own reader calls "end of
 * WAL" is any of these, for behind the last record of a live server stand zeros or an old segment's pages.
 *
 * @param at the page or record that is meant; {@code 0/0} where not even the first page says where it is
 * @param recordsEnd up to where all records are whole and right; {@code 0/0} if there was none
 * @param why such as {@code record at 0/D02168: CRC-32C differs}
 */
public record WalEnd(Kind kind, Lsn at, Lsn recordsEnd, String why) {

    /** What to do about it differs by these. */
    public enum Kind {
        /** All that was given is read. */
        INPUT,
        /** Zeros where a record or a page header should begin: nothing was written from here on. */
        UNWRITTEN,
        /** No page, a page of another place, timeline or cluster, or one that contradicts the record that reaches into it. */
        PAGE_HEADER,
        /** A length, resource manager or previous record that cannot be. */
        RECORD_HEADER,
        /** The record is not what was written. */
        RECORD_CRC,
        /** The CRC is right, but the parts do not add up. */
        RECORD_PARTS,
        /** WAL of a PostgreSQL, or with a block size, that this reader does not know. */
        NOT_SUPPORTED
    }

    @Override
    public String toString() {
        return why;
    }
}
