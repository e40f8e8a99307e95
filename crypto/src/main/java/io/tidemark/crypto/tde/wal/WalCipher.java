package io.tidemark.crypto.tde.wal;

import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.crypto.tde.keys.InternalKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes WAL in place, by the ranges of one server. It keeps no position: each call says where its bytes lie, so they may come in
 * any pieces and any order, across ranges, pages and segments, the finished part of a {@code .partial} as well. The location's timeline is that
 * of the segment's name, whatever stands in its pages.
 *
 * <p>Encrypting two different plaintexts at one location under one range lays both open: that is for the caller to prevent.
 *
 * <p>For one thread: the key of each range is scheduled at its first use and kept, a call makes no object.
 */
public final class WalCipher implements AutoCloseable {
    private static final int SCRATCH_BYTES = 16 * 1024;

    private final WalRangeTable table;
    private final int segmentBytes;
    private final @Nullable WalKeystream[] keystreams;
    private final KeystreamBlocks blocks = new KeystreamBlocks();

    // for buffers without an array that can be written
    private final byte[] scratch = new byte[SCRATCH_BYTES];

    /**
     * @param table lent; it must stay open as long as this
     * @throws IllegalArgumentException for a table without its keys
     */
    public WalCipher(WalRangeTable table, WalSegmentSize segmentSize) {
        if (!table.isOpen()) {
            throw new IllegalArgumentException("WAL ranges without their keys open nothing");
        }
        this.table = table;
        this.segmentBytes = segmentSize.bytes();
        this.keystreams = new WalKeystream[table.ranges().size()];
    }

    /**
     * From what the server wrote to plain WAL.
     *
     * @param start of the buffer's first byte
     * @param wal lent; changed from its position to its limit, which stay where they are
     */
    public void decrypt(WalLocation start, ByteBuffer wal) {
        apply(start, wal);
    }

    /** From plain WAL to what a server with these ranges would have written; the rest as in {@link #decrypt}. */
    public void encrypt(WalLocation start, ByteBuffer wal) {
        apply(start, wal);
    }

    /** A keystream is its own inverse. */
    private void apply(WalLocation start, ByteBuffer wal) {
        int timeline = start.timeline().value();
        long lsn = start.lsn().value();
        int at = wal.position();
        while (at < wal.limit()) {
            int index = table.indexAt(timeline, lsn);
            int inSegment = (int) (lsn & (segmentBytes - 1));
            long inRange = Math.min(wal.limit() - at, table.bytesInRange(index, timeline, lsn));
            int length = (int) Math.min(inRange, segmentBytes - inSegment);
            if (table.isEncrypted(index)) {
                WalKeystream keystream = keystream(index);
                keystream.seek(timeline, Long.divideUnsigned(lsn, segmentBytes));
                xor(keystream, inSegment, wal, at, length);
            }
            at += length;
            lsn += length;
        }
    }

    private void xor(WalKeystream keystream, int inSegment, ByteBuffer wal, int at, int length) {
        if (wal.hasArray()) {
            keystream.xor(inSegment, wal.array(), wal.arrayOffset() + at, length);
            return;
        }
        for (int done = 0; done < length; done += SCRATCH_BYTES) {
            int part = Math.min(SCRATCH_BYTES, length - done);
            wal.get(at + done, scratch, 0, part);
            keystream.xor(inSegment + done, scratch, 0, part);
            wal.put(at + done, scratch, 0, part);
        }
    }

    private WalKeystream keystream(int index) {
        WalKeystream known = keystreams[index];
        if (known != null) {
            return known;
        }
        List<WalEncryptionRange> ranges = table.ranges();
        InternalKey key = ranges.get(index).key();
        if (key == null) {
            throw new IllegalStateException("an open table without a key");
        }
        WalKeystream scheduled = new WalKeystream(key, blocks);
        keystreams[index] = scheduled;
        return scheduled;
    }

    /** Wipes what it can: the last plaintext and keystream. */
    @Override
    public void close() {
        Arrays.fill(keystreams, null);
        Arrays.fill(scratch, (byte) 0);
        blocks.close();
    }
}
