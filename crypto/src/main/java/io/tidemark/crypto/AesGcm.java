package io.tidemark.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM of the JDK, with a tag of 16 bytes: what wraps a keyset, and what pg_tde does with a principal key. */
public final class AesGcm {
    public static final int TAG_BYTES = 16;

    private AesGcm() {}

    /**
     * A cipher that has the key and the associated data, for one message.
     *
     * @param whose for messages: {@code a wrapping key}
     * @throws MalformedKey where the key has neither 16 nor 32 bytes
     */
    public static Cipher cipher(int mode, SecretBytes key, String whose, byte[] iv, byte[] associatedData)
            throws GeneralSecurityException {
        if (key.length() != 16 && key.length() != 32) {
            throw new MalformedKey(whose + " has 16 or 32 bytes, not " + key.length());
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
