package io.tidemark.crypto.keyset;

import com.google.crypto.tink.subtle.X25519;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The private half of a recovery key, which lies in a safe. Close it to wipe it. */
public final class RecoveryPrivateKey implements AutoCloseable {
    static final int RAW_BYTES = 32;

    private final SecretBytes secret;
    private final RecoveryPublicKey publicKey;

    private RecoveryPrivateKey(SecretBytes secret, RecoveryPublicKey publicKey) {
        this.secret = secret;
        this.publicKey = publicKey;
    }

    /** Takes a copy; the array stays the caller's. */
    static RecoveryPrivateKey ofRaw(byte[] raw) {
        if (raw.length != RAW_BYTES) {
            throw new MalformedKey("an X25519 private key has " + RAW_BYTES + " bytes, not " + raw.length);
        }
        try {
            return new RecoveryPrivateKey(
                    SecretBytes.copyOf(raw), RecoveryPublicKey.ofRaw(X25519.publicFromPrivate(raw)));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key of the right length was refused", e);
        }
    }

    /** A new pair. */
    public static RecoveryPrivateKey generate(SecureRandom random) {
        byte[] raw = new byte[RAW_BYTES];
        random.nextBytes(raw);
        try {
            return ofRaw(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /**
     * Reads a PEM text with one {@code PRIVATE KEY} or {@code ENCRYPTED PRIVATE KEY} (PKCS#8, PBES2), as OpenSSL writes
     * them.
     *
     * @param passphrase for an encrypted one, otherwise unused; null where there is none; the caller wipes it
     * @throws MalformedKey where it is none, not of X25519, or the passphrase is missing or wrong
     */
    public static RecoveryPrivateKey parsePem(String pem, char @Nullable [] passphrase) {
        return RecoveryPem.readPrivate(pem, passphrase);
    }

    /** {@code PRIVATE KEY} in PEM, ASCII; the caller closes it. */
    public SecretBytes toPem() {
        return RecoveryPem.writePrivate(secret);
    }

    /** {@code ENCRYPTED PRIVATE KEY} in PEM, ASCII: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC. */
    public String toEncryptedPem(char[] passphrase, SecureRandom random) {
        return RecoveryPem.writeEncrypted(secret, passphrase, random);
    }

    public RecoveryPublicKey publicKey() {
        return publicKey;
    }

    SecretBytes secret() {
        return secret;
    }

    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "RecoveryPrivateKey[" + publicKey.id() + "]";
    }
}
