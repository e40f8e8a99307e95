package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.RelFileLocator;
import org.jspecify.annotations.Nullable;

/**
 * A block that a record changes; the change's bytes are not held.
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/access/xlogrecord.h, XLogRecordBlockHeader.
 *
 * @param id which of the record's blocks, 0 to 32, ascending
 * @param block unsigned 32 bits, counted over the whole fork
 * @param dataLength of the change, in bytes
 */
public record BlockReference(
        int id,
        RelFileLocator relation,
        ForkNumber fork,
        long block,
        Initialization initialization,
        int dataLength,
        @Nullable BlockImage image) {

    /** What replay makes of the page that is there. */
    public enum Initialization {
        KEPT,
        /** The page is made anew, without a look at what was there. */
        MADE_ANEW
    }
}
