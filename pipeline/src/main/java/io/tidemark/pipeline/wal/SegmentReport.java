package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentSize;
import java.util.List;

/**
 * What a check of a segment learned on the way.
 *
 * @param postgresMajor that wrote it
 * @param start of its first byte; {@code end} is behind the last one
 * @param end as its size says, also where the segment is partial
 * @param badRecords records whose CRC-32C or length is wrong, the first few: replay will stop there
 */
public record SegmentReport(
        int postgresMajor,
        long systemIdentifier,
        WalSegmentSize segmentSize,
        Lsn start,
        Lsn end,
        List<Lsn> badRecords) {
    static final int MAX_BAD_RECORDS = 8;

    public SegmentReport {
        badRecords = List.copyOf(badRecords);
    }
}
