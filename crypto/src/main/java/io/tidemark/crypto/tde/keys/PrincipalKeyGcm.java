package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.AesGcm;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * What pg_tde does with a principal key: AES-GCM with an IV of 16 bytes, not of the usual 12, and a tag of 16. Over nothing but associated
 * data it is the signature of a header.
 */
final class PrincipalKeyGcm {
    static final int IV_BYTES = 16;
    static final int TAG_BYTES = AesGcm.TAG_BYTES;

    private PrincipalKeyGcm() {}

    /** Ciphertext ‖ tag. */
    static byte[] seal(SecretBytes principalKey, byte[] iv, byte[] associatedData, byte[] plain) {
        try {
            return AesGcm.cipher(Cipher.ENCRYPT_MODE, principalKey, "a principal key", iv, associatedData)
                    .doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    /** What was sealed, which the caller wipes; empty where the tag does not verify. */
    static Optional<byte[]> open(SecretBytes principalKey, byte[] iv, byte[] associatedData, byte[] sealed) {
        try {
            return Optional.of(AesGcm.cipher(Cipher.DECRYPT_MODE, principalKey, "a principal key", iv, associatedData)
                    .doFinal(sealed));
        } catch (AEADBadTagException wrongKeyOrBytes) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }
}
