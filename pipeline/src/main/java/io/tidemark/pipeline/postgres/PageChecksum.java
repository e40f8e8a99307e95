package io.tidemark.pipeline.postgres;

import io.tidemark.crypto.postgres.Lsn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * PostgreSQL's checksum of a data page: 32 interleaved FNV-1a sums of 32-bit words, folded, mixed with the block
 * number. One instance for one thread.
 *
 * <p>Source: PostgreSQL 17, src/include/storage/checksum_impl.h and bufpage.h.
 */
public final class PageChecksum {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SUMS = 32;
    private static final int FNV_PRIME = 16_777_619;
    private static final int CHECKSUM_WORD = 2; // pd_checksum: the low half of the third word, bytes 8 and 9
    private static final int UPPER_OFFSET = 14; // pd_upper; 0 only on a page that was never written
    private static final int[] OFFSETS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private final int pageBytes;
    private final int[] sums = new int[SUMS];

    /** @param pageBytes the cluster's block size */
    public PageChecksum(int pageBytes) {
        this.pageBytes = pageBytes;
    }

    /**
     * Whether a page may lie there: its checksum is right, or it is all zeros, as a file is extended by.
     *
     * @param page the array that holds it, lent
     * @param block its number in the whole relation fork, its files counted through
     */
    public boolean isRight(byte[] page, int offset, long block) {
        if (page[offset + UPPER_OFFSET] == 0 && page[offset + UPPER_OFFSET + 1] == 0) {
            return isZero(page, offset, pageBytes);
        }
        int stored = page[offset + 8] & 0xff | (page[offset + 9] & 0xff) << 8;
        return of(page, offset, block) == stored;
    }

    /** The checksum that the page should have, 1 to 65 535; what it has in its place counts as zero. */
    public int of(byte[] page, int offset, long block) {
        System.arraycopy(OFFSETS, 0, sums, 0, SUMS);
        for (int row = 0; row < pageBytes / (SUMS * Integer.BYTES); row++) {
            int at = offset + row * SUMS * Integer.BYTES;
            for (int i = 0; i < SUMS; i++) {
                int word = (int) WORDS.get(page, at + i * Integer.BYTES);
                if (row == 0 && i == CHECKSUM_WORD) {
                    word &= 0xFFFF0000;
                }
                sums[i] = mixed(sums[i], word);
            }
        }
        int sum = 0;
        for (int i = 0; i < SUMS; i++) {
            sum ^= mixed(mixed(sums[i], 0), 0);
        }
        return Integer.remainderUnsigned(sum ^ (int) block, 65_535) + 1;
    }

    /** The LSN that a page bears: of the last change to it that was logged (PostgreSQL 17, PageXLogRecPtr). */
    public static Lsn lsn(byte[] page, int offset) {
        long high = Integer.toUnsignedLong((int) WORDS.get(page, offset));
        long low = Integer.toUnsignedLong((int) WORDS.get(page, offset + Integer.BYTES));
        return new Lsn(high << 32 | low);
    }

    /** Whether these bytes are all zeros. */
    public static boolean isZero(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int mixed(int sum, int word) {
        int mixed = sum ^ word;
        return mixed * FNV_PRIME ^ mixed >>> 17;
    }
}
