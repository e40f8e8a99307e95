package io.tidemark.crypto.tde.wal;

import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.tde.keys.InternalKey;
import org.jspecify.annotations.Nullable;

/**
 * WAL from a location on, up to the next range: plain, or encrypted with one key.
 *
 * @param start of its first byte, anywhere: in a segment, a page, a block of the cipher
 * @param encryption of the bytes
 * @param key null where the range is plain, and in a table that was made without the principal key
 */
public record WalEncryptionRange(
        WalLocation start, Encryption encryption, @Nullable InternalKey key) {
    public WalEncryptionRange {
        if (encryption == Encryption.PLAIN && key != null) {
            throw new IllegalArgumentException("a plain range has no use for a key");
        }
    }

    public static WalEncryptionRange plain(WalLocation start) {
        return new WalEncryptionRange(start, Encryption.PLAIN, null);
    }

    /** @param key given: the table in which it comes to lie closes it */
    public static WalEncryptionRange encrypted(WalLocation start, InternalKey key) {
        return new WalEncryptionRange(start, Encryption.ENCRYPTED, key);
    }

    /** How bytes of WAL lie on the disk. */
    public enum Encryption {
        PLAIN,
        ENCRYPTED
    }
}
