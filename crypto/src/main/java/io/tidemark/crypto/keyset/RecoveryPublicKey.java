package io.tidemark.crypto.keyset;

import io.tidemark.crypto.MalformedKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The public half of a recovery key: X25519, 32 bytes. Not secret. */
public final class RecoveryPublicKey {
    static final int RAW_BYTES = 32;
    private static final int ID_BYTES = 8;

    private final byte[] raw;

    private RecoveryPublicKey(byte[] raw) {
        this.raw = raw;
    }

    static RecoveryPublicKey ofRaw(byte[] raw) {
        if (raw.length != RAW_BYTES) {
            throw new MalformedKey("an X25519 public key has " + RAW_BYTES + " bytes, not " + raw.length);
        }
        return new RecoveryPublicKey(raw.clone());
    }

    /**
     * Reads a PEM text with one {@code PUBLIC KEY} (SubjectPublicKeyInfo), as {@code openssl pkey -pubout} writes it.
     *
     * @throws MalformedKey where it is none, or not of X25519
     */
    public static RecoveryPublicKey parsePem(String pem) {
        return RecoveryPem.readPublic(pem);
    }

    /** The same form; {@link #parsePem} reads it back. */
    public String toPem() {
        return RecoveryPem.writePublic(raw);
    }

    /** The first 8 bytes of SHA-256 of the 32 raw bytes, in hex. */
    public String id() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    byte[] raw() {
        return raw.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecoveryPublicKey key && MessageDigest.isEqual(raw, key.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return "RecoveryPublicKey[" + id() + "]";
    }
}
