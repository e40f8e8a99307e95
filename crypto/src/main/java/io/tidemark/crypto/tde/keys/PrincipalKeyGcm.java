package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What pg_tde does with a principal key: AES-GCM with an IV of 16 bytes, not of the usual 12, and a tag of 16. Over nothing but associated
 * data it is the signature of a header.
 */
final class PrincipalKeyGcm {
    static final int IV_BYTES = 16;
    static final int TAG_BYTES = 16;

    private PrincipalKeyGcm() {}

    /** Ciphertext ‖ tag. */
    static byte[] seal(SecretBytes principalKey, byte[] iv, byte[] associatedData, byte[] plain) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, principalKey, iv, associatedData).doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    /** What was sealed, which the caller wipes; empty where the tag does not verify. */
    static Optional<byte[]> open(SecretBytes principalKey, byte[] iv, byte[] associatedData, byte[] sealed) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, principalKey, iv, associatedData)
                    .doFinal(sealed));
        } catch (AEADBadTagException wrongKeyOrBytes) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, SecretBytes key, byte[] iv, byte[] associatedData)
            throws GeneralSecurityException {
        if (key.length() != 16 && key.length() != 32) {
            throw new MalformedKey("a principal key has 16 or 32 bytes, not " + key.length());
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
