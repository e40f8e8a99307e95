package io.tidemark.crypto.keyset;

import io.tidemark.crypto.AesGcm;
import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/** A keyset under a fetched AES key: IV (12) ‖ ciphertext ‖ tag (16), by the JDK's AES-GCM. */
final class AesGcmWrap {
    static final int IV_BYTES = 12;
    static final int TAG_BYTES = AesGcm.TAG_BYTES;
    static final int OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

    private AesGcmWrap() {}

    static byte[] wrap(SecretBytes key, SecretBytes plain, byte[] associatedData, SecureRandom random) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        byte[] secret = plain.copy(KeyAccess.insecure());
        try {
            Cipher cipher = AesGcm.cipher(Cipher.ENCRYPT_MODE, key, "a wrapping key", iv, associatedData);
            byte[] wrapped = Arrays.copyOf(iv, OVERHEAD_BYTES + secret.length);
            cipher.doFinal(secret, 0, secret.length, wrapped, IV_BYTES);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** @param wrongKey makes the exception for a tag that does not verify */
    static SecretBytes unwrap(
            SecretBytes key,
            byte[] wrapped,
            byte[] associatedData,
            Function<AEADBadTagException, ? extends CryptoException> wrongKey) {
        byte[] iv = Arrays.copyOf(wrapped, IV_BYTES);
        try {
            byte[] plain = AesGcm.cipher(Cipher.DECRYPT_MODE, key, "a wrapping key", iv, associatedData)
                    .doFinal(wrapped, IV_BYTES, wrapped.length - IV_BYTES);
            try {
                return SecretBytes.copyOf(plain);
            } finally {
                Arrays.fill(plain, (byte) 0);
            }
        } catch (AEADBadTagException e) {
            throw wrongKey.apply(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }
}
