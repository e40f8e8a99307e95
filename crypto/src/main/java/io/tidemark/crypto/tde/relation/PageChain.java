package io.tidemark.crypto.tde.relation;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.tde.keys.InternalKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-CBC in one direction, page after page under IVs of their own, without starting the cipher anew: that would make objects and look at the
 * key again for each page. To the cipher all pages are one long chain. It XORs the first block of a page with the last ciphertext block of the
 * page before; as CBC's IV is nothing but an XOR to the first block, the difference of the two is XORed in here.
 */
final class PageChain implements AutoCloseable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int BLOCK_BYTES = 16;
    private static final int REST_BYTES = RelationCipher.PAGE_BYTES - BLOCK_BYTES;

    private final Cipher aes;
    private final boolean decrypts;
    private final byte[] firstBlock = new byte[BLOCK_BYTES];

    // the last block of ciphertext that the cipher saw; zeros, its own IV, at first
    private long lastHigh;
    private long lastLow;

    private PageChain(int mode, InternalKey key) {
        this.aes = scheduled(mode, key);
        this.decrypts = mode == Cipher.DECRYPT_MODE;
    }

    static PageChain decrypting(InternalKey key) {
        return new PageChain(Cipher.DECRYPT_MODE, key);
    }

    static PageChain encrypting(InternalKey key) {
        return new PageChain(Cipher.ENCRYPT_MODE, key);
    }

    private static Cipher scheduled(int mode, InternalKey key) {
        byte[] raw = key.key().copy(KeyAccess.insecure());
        try {
            Cipher aes = Cipher.getInstance("AES/CBC/NoPadding");
            aes.init(mode, new SecretKeySpec(raw, "AES"), new IvParameterSpec(new byte[BLOCK_BYTES]));
            return aes;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-CBC", e);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** One page from one array to another, under the IV of these two halves. */
    void run(long ivHigh, long ivLow, byte[] from, int at, byte[] to, int toAt) {
        long high = ivHigh ^ lastHigh;
        long low = ivLow ^ lastLow;
        try {
            if (decrypts) {
                lastHigh = (long) LONG.get(from, at + REST_BYTES);
                lastLow = (long) LONG.get(from, at + REST_BYTES + Long.BYTES);
                aes.update(from, at, RelationCipher.PAGE_BYTES, to, toAt);
                LONG.set(to, toAt, (long) LONG.get(to, toAt) ^ high);
                LONG.set(to, toAt + Long.BYTES, (long) LONG.get(to, toAt + Long.BYTES) ^ low);
            } else {
                LONG.set(firstBlock, 0, (long) LONG.get(from, at) ^ high);
                LONG.set(firstBlock, Long.BYTES, (long) LONG.get(from, at + Long.BYTES) ^ low);
                aes.update(firstBlock, 0, BLOCK_BYTES, to, toAt);
                aes.update(from, at + BLOCK_BYTES, REST_BYTES, to, toAt + BLOCK_BYTES);
                lastHigh = (long) LONG.get(to, toAt + REST_BYTES);
                lastLow = (long) LONG.get(to, toAt + REST_BYTES + Long.BYTES);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a whole page was refused", e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(firstBlock, (byte) 0);
    }
}
