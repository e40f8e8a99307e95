package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The fixed part of a WAL record, as it stands there: nothing is checked. Little-endian:
 *
 * <pre>
 * 0 total length (4) ‖ 4 xid (4) ‖ 8 previous record (8) ‖ 16 info (1) ‖ 17 resource manager (1) ‖ pad (2) ‖ 20 CRC-32C (4)
 * </pre>
 *
 * <p>Source: PostgreSQL 17, src/include/access/xlogrecord.h, XLogRecord.
 *
 * @param totalLength unsigned, with this header
 * @param xid unsigned
 * @param info all eight bits; the upper four are the resource manager's
 */
record RecordHeader(int totalLength, int xid, Lsn previous, int info, int resourceManager, int crc) {
    static final int BYTES = 24;
    /** XLogRecordMaxSize: nothing longer is ever written. */
    static final int MAX_RECORD_BYTES = 1020 << 20;

    private static final int RESOURCE_MANAGER_INFO = 0xf0;
    private static final int SWITCH = 0x40;

    /** @param header its 24 bytes from index 0 on, lent */
    static RecordHeader read(ByteBuffer header) {
        ByteBuffer in = header.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return new RecordHeader(
                in.getInt(0),
                in.getInt(4),
                new Lsn(in.getLong(8)),
                in.get(16) & 0xff,
                in.get(17) & 0xff,
                in.getInt(20));
    }

    /** @param length unsigned */
    static boolean isPossibleLength(int length) {
        return length >= BYTES && length <= MAX_RECORD_BYTES;
    }

    /** Whether the record ends its segment. */
    boolean isSwitch() {
        return resourceManager == RmgrId.XLOG.number() && (info & RESOURCE_MANAGER_INFO) == SWITCH;
    }

    /**
     * Whether the CRC is that of the record. PostgreSQL sums the data first, the header up to the CRC itself after it.
     *
     * @param data has taken all bytes behind the header
     * @param header the record's first bytes from index 0 on, lent
     */
    boolean confirms(CRC32C data, ByteBuffer header) {
        data.update(header.slice(0, 20));
        return (int) data.getValue() == crc;
    }
}
