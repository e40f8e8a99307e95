package io.tidemark.crypto.keyset;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A keyset under a fetched AES key: IV (12) ‖ ciphertext ‖ tag (16), by the JDK's AES-GCM. */
final class AesGcmWrap {
    static final int IV_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

    private AesGcmWrap() {}

    static byte[] wrap(SecretBytes key, SecretBytes plain, byte[] associatedData, SecureRandom random) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        byte[] secret = plain.copy(KeyAccess.insecure());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv, associatedData);
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
            byte[] plain = cipher(Cipher.DECRYPT_MODE, key, iv, associatedData)
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

    private static Cipher cipher(int mode, SecretBytes key, byte[] iv, byte[] associatedData)
            throws GeneralSecurityException {
        if (key.length() != 16 && key.length() != 32) {
            throw new MalformedKey("a wrapping key has 16 or 32 bytes, not " + key.length());
        }
        byte[] raw = key.copy(KeyAccess.insecure());
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(raw, "AES"), new GCMParameterSpec(8 * TAG_BYTES, iv));
            cipher.updateAAD(associatedData);
            return cipher;
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }
}
