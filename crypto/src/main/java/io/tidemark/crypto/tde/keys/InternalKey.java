package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key that pg_tde made for one relation or one range of WAL, and the IV from which those of pages or WAL blocks are derived. Only the key
 * is secret. Close it to wipe it; the ciphers keep their own copies.
 */
public final class InternalKey implements AutoCloseable {
    public static final int BASE_IV_BYTES = 16;

    private final Cipher cipher;
    private final SecretBytes key;
    private final byte[] baseIv;

    private InternalKey(Cipher cipher, SecretBytes key, byte[] baseIv) {
        this.cipher = cipher;
        this.key = key;
        this.baseIv = baseIv;
    }

    /**
     * @param key 16 or 32 bytes, lent: a copy is taken
     * @param baseIv 16 bytes, copied
     */
    public static InternalKey of(SecretBytes key, byte[] baseIv) {
        if (baseIv.length != BASE_IV_BYTES) {
            throw new IllegalArgumentException("a base IV has 16 bytes, not " + baseIv.length);
        }
        return new InternalKey(Cipher.ofKeyBytes(key.length()), key.duplicate(), baseIv.clone());
    }

    /** A new one, as pg_tde makes them: random key, random base IV. */
    public static InternalKey random(Cipher cipher, SecureRandom random) {
        byte[] key = new byte[cipher.keyBytes()];
        byte[] baseIv = new byte[BASE_IV_BYTES];
        random.nextBytes(key);
        random.nextBytes(baseIv);
        try {
            return new InternalKey(cipher, SecretBytes.copyOf(key), baseIv);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    public Cipher cipher() {
        return cipher;
    }

    /** 16 or 32 bytes, owned by this. */
    public SecretBytes key() {
        return key;
    }

    /** 16 bytes, a copy. */
    public byte[] baseIv() {
        return baseIv.clone();
    }

    /** The first eight bytes of the base IV, as one big-endian number. */
    public long baseIvHigh() {
        return ByteBuffer.wrap(baseIv).getLong(0);
    }

    /** The last eight bytes of the base IV, as one big-endian number. */
    public long baseIvLow() {
        return ByteBuffer.wrap(baseIv).getLong(8);
    }

    /** Another holder of the same key, closed on its own. */
    public InternalKey duplicate() {
        return new InternalKey(cipher, key.duplicate(), baseIv);
    }

    /** A copy of the key's bytes, which the caller wipes. */
    byte[] keyCopy() {
        return key.copy(KeyAccess.insecure());
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "InternalKey[" + cipher + ", base IV " + HexFormat.of().formatHex(baseIv) + "]";
    }

    /** pg_tde's ciphers, in its numbers. */
    public enum Cipher {
        AES_128(16),
        AES_256(32);

        private final int keyBytes;

        Cipher(int keyBytes) {
            this.keyBytes = keyBytes;
        }

        public int keyBytes() {
            return keyBytes;
        }

        /** As in key files: 0 or 1. */
        int number() {
            return ordinal();
        }

        static Cipher ofKeyBytes(int bytes) {
            for (Cipher cipher : values()) {
                if (cipher.keyBytes == bytes) {
                    return cipher;
                }
            }
            throw new IllegalArgumentException("an internal key has 16 or 32 bytes, not " + bytes);
        }

        /** pg_tde's spelling, {@code aes_128}. */
        @Override
        public String toString() {
            return "aes_" + 8 * keyBytes;
        }
    }
}
