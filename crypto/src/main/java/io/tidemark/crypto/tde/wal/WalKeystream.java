package io.tidemark.crypto.tde.wal;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.tde.keys.InternalKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keystream of one range, pg_tde's own counter mode. For block {@code n} of a segment AES encrypts {@code P[0..11] ‖ n (u32, little-endian)}
 * where {@code P = baseIV, its bit 32 cleared, + timeline << 112 + segment number << 32}, modulo 2^128, big-endian. Java's CTR counts in
 * big-endian and carries, so the blocks are made here and go through ECB, many at once.
 *
 * <p>Source: pg_tde 2.2.0, {@code CalcXLogPageIVPrefix} (src/access/pg_tde_xlog_smgr.c) and {@code pg_tde_stream_crypt} (src/encryption/enc_tde.c).
 */
final class WalKeystream {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BIT_32 = 1L << 32;

    private final long baseHigh;
    private final long baseLow;
    private final Cipher aes;
    private final byte[] counters;
    private final byte[] keystream;

    private long first;
    private long secondWithoutCounter;

    WalKeystream(InternalKey key, KeystreamBlocks blocks) {
        this.baseHigh = key.baseIvHigh();
        this.baseLow = key.baseIvLow() & ~BIT_32;
        this.aes = scheduled(key);
        this.counters = blocks.counters;
        this.keystream = blocks.keystream;
    }

    /** Each block is encrypted once under its own counter: the use for which ECB is the right mode. */
    @SuppressWarnings("InsecureCryptoUsage")
    private static Cipher scheduled(InternalKey key) {
        byte[] raw = key.key().copy(KeyAccess.insecure());
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(raw, "AES"));
            return aes;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES", e);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** Chooses the segment. Of the timeline only the lower 16 bits survive the shift, as in pg_tde. */
    void seek(int timeline, long segmentNumber) {
        long low = baseLow + (segmentNumber << 32);
        long carry = Long.compareUnsigned(low, baseLow) < 0 ? 1 : 0;
        long high = baseHigh + ((long) timeline << 48) + (segmentNumber >>> 32) + carry;
        first = Long.reverseBytes(high);
        secondWithoutCounter = Integer.toUnsignedLong(Integer.reverseBytes((int) (low >>> 32)));
    }

    /** @param inSegment of the first byte, in the segment that was chosen; anywhere in a block */
    void xor(int inSegment, byte[] wal, int at, int length) {
        int done = 0;
        while (done < length) {
            int block = (inSegment + done) / KeystreamBlocks.BLOCK_BYTES;
            int skip = (inSegment + done) % KeystreamBlocks.BLOCK_BYTES;
            int part = Math.min(length - done, KeystreamBlocks.BLOCKS * KeystreamBlocks.BLOCK_BYTES - skip);
            fill(block, (skip + part + KeystreamBlocks.BLOCK_BYTES - 1) / KeystreamBlocks.BLOCK_BYTES);
            xor(keystream, skip, wal, at + done, part);
            done += part;
        }
    }

    private void fill(int firstBlock, int blocks) {
        for (int i = 0; i < blocks; i++) {
            LONG.set(counters, i * KeystreamBlocks.BLOCK_BYTES, first);
            LONG.set(
                    counters,
                    i * KeystreamBlocks.BLOCK_BYTES + Long.BYTES,
                    secondWithoutCounter | (long) (firstBlock + i) << 32);
        }
        try {
            aes.update(counters, 0, blocks * KeystreamBlocks.BLOCK_BYTES, keystream, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("whole blocks were refused", e);
        }
    }

    private static void xor(byte[] stream, int from, byte[] wal, int at, int length) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            LONG.set(wal, at + i, (long) LONG.get(wal, at + i) ^ (long) LONG.get(stream, from + i));
        }
        for (; i < length; i++) {
            wal[at + i] = (byte) (wal[at + i] ^ stream[from + i]);
        }
    }
}
