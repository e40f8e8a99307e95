package io.tidemark.crypto.postgres;

/**
 * The size of a cluster's WAL segments, in bytes: a power of two from 1 MiB to 1 GiB.
 *
 * <p>Source: PostgreSQL 17, {@code IsValidWalSegSize} (src/include/access/xlog_internal.h).
 */
public record WalSegmentSize(int bytes) {
    public static final WalSegmentSize MIN = new WalSegmentSize(1 << 20);
    public static final WalSegmentSize MAX = new WalSegmentSize(1 << 30);
    /** What initdb chooses unless told otherwise. */
    public static final WalSegmentSize DEFAULT = new WalSegmentSize(16 << 20);

    public WalSegmentSize {
        if (bytes < 1 << 20 || bytes > 1 << 30 || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException(
                    "no WAL segment size: " + bytes + " bytes, expected a power of two from 1 MiB to 1 GiB");
        }
    }

    /** Whether {@code bytes} is a size that a WAL segment can have. */
    public static boolean isPossible(long bytes) {
        return bytes >= 1 << 20 && bytes <= 1 << 30 && Long.bitCount(bytes) == 1;
    }

    /** How many segments lie under one value of a name's middle eight digits: 4 GiB divided by the size. */
    public int segmentsPerLogId() {
        return (int) ((1L << 32) / bytes);
    }
}
