package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalLocation;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One record whose CRC-32C was right.
 *
 * @param postgresMajor that wrote it
 * @param start of its header
 * @param end PostgreSQL's own: aligned, and behind a switch record the end of the segment
 * @param previous start of the record before
 * @param totalLength as its header says it, in bytes, without page headers
 * @param xid unsigned 32 bits; 0 for none
 * @param info all eight bits; {@link #operation} are the resource manager's
 * @param origin the replication origin's number; 0 for none
 * @param topLevelXid unsigned 32 bits; 0 where the record does not say it
 * @param mainDataLength in the record, in bytes
 * @param mainData lent, until the reader's consumer returns: the whole, or as much of its beginning as the reader may hold
 */
public record WalRecord(
        int postgresMajor,
        WalLocation start,
        Lsn end,
        Lsn previous,
        int totalLength,
        long xid,
        RmgrId resourceManager,
        int info,
        List<BlockReference> blocks,
        int origin,
        long topLevelXid,
        int mainDataLength,
        ByteBuffer mainData) {

    public WalRecord {
        blocks = List.copyOf(blocks);
        mainData = mainData.asReadOnlyBuffer();
    }

    /** Which of the resource manager's kinds of record it is: the upper four bits of the info. */
    public int operation() {
        return info & 0xf0;
    }

    /** Bytes of page images, as the record holds them. */
    public int imageBytes() {
        int sum = 0;
        for (BlockReference block : blocks) {
            BlockImage image = block.image();
            sum += image == null ? 0 : image.length();
        }
        return sum;
    }

    /** Whether the main data is held from its first byte to its last. */
    public boolean isMainDataWhole() {
        return mainData.remaining() == mainDataLength;
    }
}
