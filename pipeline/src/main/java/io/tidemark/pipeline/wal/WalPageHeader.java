package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of one WAL page, as it stands there: nothing is checked. Little-endian:
 *
 * <pre>
 * 0 magic (2) ‖ 2 flags (2) ‖ 4 timeline (4) ‖ 8 own address (8) ‖ 16 remaining bytes of a record begun before (4) ‖ pad (4)
 * long form, a segment's first page: ‖ 24 system identifier (8) ‖ 32 segment size (4) ‖ 36 WAL block size (4)
 * </pre>
 *
 * <p>Source: PostgreSQL 17, src/include/access/xlog_internal.h, XLogPageHeaderData, XLogLongPageHeaderData.
 *
 * @param timeline unsigned
 * @param remainingBytes unsigned
 */
record WalPageHeader(int magic, int flags, int timeline, Lsn address, int remainingBytes) {
    static final int PAGE_BYTES = 8192;
    static final int SHORT_BYTES = 24;
    static final int LONG_BYTES = 40;

    static final int FIRST_IS_CONTINUATION = 0x1;
    static final int LONG_HEADER = 0x2;
    static final int FIRST_IS_OVERWRITE_CONTINUATION = 0x8;
    static final int ALL_FLAGS = 0xF;

    /** @param page at least its first 24 bytes from index 0 on, lent */
    static WalPageHeader read(ByteBuffer page) {
        ByteBuffer in = page.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return new WalPageHeader(
                in.getShort(0) & 0xffff, in.getShort(2) & 0xffff, in.getInt(4), new Lsn(in.getLong(8)), in.getInt(16));
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int headerBytes() {
        return has(LONG_HEADER) ? LONG_BYTES : SHORT_BYTES;
    }

    /** The major version that writes this magic; 0 for none that is known. */
    int postgresMajor() {
        return switch (magic) {
            case 0xD110 -> 15;
            case 0xD113 -> 16;
            case 0xD116 -> 17;
            case 0xD118 -> 18;
            default -> 0;
        };
    }

    /** Whether the magic looks like one of PostgreSQL's, of whatever version. */
    boolean isPostgresMagic() {
        return (magic & 0xff00) == 0xD100 || (magic & 0xff00) == 0xD000;
    }

    static long systemIdentifier(ByteBuffer page) {
        return page.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(24);
    }

    static int segmentBytes(ByteBuffer page) {
        return page.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(32);
    }

    static int walBlockBytes(ByteBuffer page) {
        return page.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(36);
    }
}
