package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the reader found, its records' main data copied so that they can be looked at afterwards. */
public record ReadWal(List<WalRecord> records, WalEnd end) {
    static final String SECOND_OF_A_MEBIBYTE = "000000010000000000000001";

    /** Segments one after the other, the first of this name. */
    public static ReadWal of(String first, byte[]... segments) {
        return of(first, TimelineHistory.none(TimelineId.FIRST), WalReader.MAIN_DATA_BYTES, segments);
    }

    static ReadWal of(String first, TimelineHistory history, int mainDataLimit, byte[]... segments) {
        List<WalRecord> records = new ArrayList<>();
        WalReader reader = new WalReader(
                WalSegmentName.parse(first), history, mainDataLimit, record -> records.add(copied(record)));
        for (byte[] segment : segments) {
            reader.feed(ByteBuffer.wrap(segment));
        }
        return new ReadWal(records, reader.finish());
    }

    /** What {@link MadeWal} made, from its first byte on. */
    public static ReadWal of(MadeWal made) {
        return of(SECOND_OF_A_MEBIBYTE, made.bytes());
    }

    /** The same bytes, cut at random places. */
    static ReadWal inPieces(String first, byte[] bytes, Random random, int longest) {
        List<WalRecord> records = new ArrayList<>();
        WalReader reader = new WalReader(
                WalSegmentName.parse(first),
                TimelineHistory.none(TimelineId.FIRST),
                record -> records.add(copied(record)));
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(longest));
            reader.feed(ByteBuffer.wrap(bytes, at, length));
            at += length;
        }
        return new ReadWal(records, reader.finish());
    }

    List<Lsn> starts() {
        return records.stream().map(record -> record.start().lsn()).toList();
    }

    WalRecord last() {
        return records.get(records.size() - 1);
    }

    private static WalRecord copied(WalRecord record) {
        ByteBuffer copy = ByteBuffer.allocate(record.mainData().remaining())
                .put(record.mainData().duplicate())
                .flip();
        return new WalRecord(
                record.postgresMajor(),
                record.start(),
                record.end(),
                record.previous(),
                record.totalLength(),
                record.xid(),
                record.resourceManager(),
                record.info(),
                record.blocks(),
                record.origin(),
                record.topLevelXid(),
                record.mainDataLength(),
                copy);
    }
}
