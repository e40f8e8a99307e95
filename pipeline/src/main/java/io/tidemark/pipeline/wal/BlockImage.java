package io.tidemark.pipeline.wal;

/**
 * The image of a whole page that a record carries; its bytes are not held. The hole is the zeroed middle that was left out.
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/access/xlogrecord.h, XLogRecordBlockImageHeader.
 *
 * @param length in the record, compressed or not, in bytes
 * @param holeOffset 0 without a hole
 * @param holeLength 0 without a hole
 */
public record BlockImage(int length, int holeOffset, int holeLength, Compression compression, Use use) {

    /** {@code wal_compression}, as it was when the record was written. */
    public enum Compression {
        NONE,
        PGLZ,
        LZ4,
        ZSTD
    }

    /** What the image is for. */
    public enum Use {
        /** Replay lays it over the block. */
        RESTORE,
        /** Replay compares only: {@code wal_consistency_checking}. */
        COMPARE
    }
}
