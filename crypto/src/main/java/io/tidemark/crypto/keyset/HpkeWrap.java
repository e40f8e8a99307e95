package io.tidemark.crypto.keyset;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.LowLevelCryptoCaller;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.subtle.HpkeDecrypt;
import com.google.crypto.tink.hybrid.subtle.HpkeEncrypt;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import io.tidemark.crypto.KeyAccess;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * HPKE, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; enc (32) ‖ ciphertext ‖ tag (16), by Tink.
 *
 * <p>Source: RFC 9180; docs/FORMAT.md section 4.
 */
final class HpkeWrap {
    static final int OVERHEAD_BYTES = 32 + 16;

    private static final HpkeParameters PARAMETERS = parameters();

    private HpkeWrap() {}

    @LowLevelCryptoCaller
    static byte[] wrap(RecoveryPublicKey key, byte[] plain, byte[] info) {
        try {
            return HpkeEncrypt.create(tink(key)).encrypt(plain, info);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HPKE failed on a key of the right form", e);
        }
    }

    @AccessesPartialKey
    @LowLevelCryptoCaller
    static byte[] unwrap(RecoveryPrivateKey key, byte[] wrapped, byte[] info) throws GeneralSecurityException {
        byte[] raw = key.secret().copy(KeyAccess.insecure());
        try {
            HpkePrivateKey tink = HpkePrivateKey.create(
                    tink(key.publicKey()), SecretBytes.copyFrom(raw, InsecureSecretKeyAccess.get()));
            return HpkeDecrypt.create(tink).decrypt(wrapped, info);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    @AccessesPartialKey
    private static HpkePublicKey tink(RecoveryPublicKey key) throws GeneralSecurityException {
        return HpkePublicKey.create(PARAMETERS, Bytes.copyFrom(key.raw()), null);
    }

    private static HpkeParameters parameters() {
        try {
            return HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink refused the format's own parameters", e);
        }
    }
}
