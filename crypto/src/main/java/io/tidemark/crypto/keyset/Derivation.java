package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.Hkdf;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA-256 and HMAC-SHA-256 as section 4 of the format uses them: no salt, the use in the info. */
final class Derivation {
    private static final String HMAC = "HmacSha256";

    private Derivation() {}

    /** HKDF-SHA-256(key, no salt, {@code tidemark:1:<cluster>:<use>}). */
    static byte[] derive(byte[] key, String cluster, String use, int bytes) {
        try {
            return Hkdf.computeHkdf(
                    HMAC, key, new byte[0], ("tidemark:1:" + cluster + ":" + use).getBytes(UTF_8), bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }
}
