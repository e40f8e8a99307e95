package io.tidemark.crypto.tde;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Whether a plain page is one that PostgreSQL wrote: {@code pg_checksum_page} (src/include/storage/checksum_impl.h), as far as a test needs it. */
public final class PageChecksum {
    private static final int SUMS = 32;
    private static final int PRIME = 16777619;
    private static final int[] OFFSETS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private PageChecksum() {}

    /** Whether the checksum at byte 8 is that of this page at this block; an all-zero page has none. */
    public static boolean verifies(byte[] content, int at, long blockNumber) {
        ByteBuffer page = ByteBuffer.wrap(content.clone(), at, 8192).slice().order(ByteOrder.LITTLE_ENDIAN);
        int stored = page.getShort(8) & 0xFFFF;
        page.putShort(8, (short) 0);
        int[] sums = OFFSETS.clone();
        for (int i = 0; i < 8192 / 4; i++) {
            sums[i % SUMS] = mixed(sums[i % SUMS], page.getInt(4 * i));
        }
        int result = 0;
        for (int sum : sums) {
            result ^= mixed(mixed(sum, 0), 0);
        }
        result ^= (int) blockNumber;
        return Integer.remainderUnsigned(result, 65535) + 1 == stored;
    }

    private static int mixed(int sum, int value) {
        int mixed = sum ^ value;
        return mixed * PRIME ^ mixed >>> 17;
    }
}
