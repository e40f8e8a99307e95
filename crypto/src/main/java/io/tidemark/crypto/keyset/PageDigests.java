package io.tidemark.crypto.keyset;

import java.nio.ByteBuffer;
import javax.crypto.Mac;

/**
 * Entries of page lists: 8 bytes a page, HMAC-SHA-256 of the plain page cut short. Equal entries mean equal pages; two
 * different ones of a file collide with probability 2^-64. One thread at a time.
 */
public final class PageDigests {
    /** Length of an entry. */
    public static final int ENTRY_BYTES = 8;

    private final Mac mac;

    PageDigests(byte[] key) {
        this.mac = Derivation.hmac(key);
    }

    /** The entry of the page from position to limit, lent; consumed. Its bytes in order, the first is the highest. */
    public long entry(ByteBuffer page) {
        mac.update(page);
        return ByteBuffer.wrap(mac.doFinal()).getLong();
    }
}
