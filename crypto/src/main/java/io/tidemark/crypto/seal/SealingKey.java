package io.tidemark.crypto.seal;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import java.util.Arrays;

/**
 * One key of a sealing keyset: 32 bytes and the number it has there. A view: it shares the secret with the keyset that
 * made it and is of no use once that is closed. Any number of threads may use it at once.
 */
public final class SealingKey {
    public static final int KEY_BYTES = 32;

    private final long id;
    private final SecretBytes material;

    private SealingKey(long id, SecretBytes material) {
        this.id = id;
        this.material = material;
    }

    /**
     * @param id Tink's key id, 32 bits unsigned
     * @param material 32 bytes, lent: whoever made them closes them
     */
    public static SealingKey of(long id, SecretBytes material) {
        if (material.length() != KEY_BYTES) {
            throw new IllegalArgumentException("a sealing key has " + KEY_BYTES + " bytes, not " + material.length());
        }
        return new SealingKey(id, material);
    }

    /** Tink's key id. Not secret. */
    public long id() {
        return id;
    }

    /** Tink's own object for this key. Cheap; it copies the bytes and is garbage when the caller is. */
    SegmentCipher cipher() {
        byte[] raw = material.copy(KeyAccess.insecure());
        try {
            return SegmentCipher.of(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "SealingKey[" + id + "]";
    }
}
