package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidemark.crypto.KeyAccess;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;

/** Tink's HPKE against BouncyCastle's, which was written apart from it. */
class HpkeWrapTest {
    private static final byte[] INFO = "tidemark:1:x:keys:00000001:y".getBytes(UTF_8);
    private static final byte[] PLAIN = "a keyset".getBytes(UTF_8);

    private final RecoveryPrivateKey key = RecoveryPrivateKey.generate(new SecureRandom());
    private final HPKE theirs =
            new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    private final AsymmetricCipherKeyPair theirPair = theirs.deserializePrivateKey(
            key.secret().copy(KeyAccess.insecure()), key.publicKey().raw());

    @Test
    void wrap_byTink_opensInBouncyCastle() throws Exception {
        byte[] wrapped = HpkeWrap.wrap(key.publicKey(), PLAIN, INFO);

        byte[] opened = theirs.setupBaseR(Arrays.copyOf(wrapped, 32), theirPair, INFO)
                .open(new byte[0], Arrays.copyOfRange(wrapped, 32, wrapped.length));

        assertThat(wrapped).hasSize(PLAIN.length + HpkeWrap.OVERHEAD_BYTES);
        assertThat(opened).isEqualTo(PLAIN);
    }

    @Test
    void unwrap_ofWhatBouncyCastleMade_givesThePlaintext() throws Exception {
        byte[][] sent = theirs.seal(theirPair.getPublic(), INFO, new byte[0], PLAIN, null, null, null);
        byte[] wrapped = Arrays.copyOf(sent[1], 32 + sent[0].length);
        System.arraycopy(sent[0], 0, wrapped, 32, sent[0].length);

        assertThat(HpkeWrap.unwrap(key, wrapped, INFO)).isEqualTo(PLAIN);
    }

    @Test
    void unwrap_ofAnyChangedBitOrOtherInfo_fails() {
        byte[] wrapped = HpkeWrap.wrap(key.publicKey(), PLAIN, INFO);
        // the highest bit of an X25519 public key does not count (RFC 7748): HPKE binds it all the same
        for (int bit = 0; bit < 8 * wrapped.length; bit++) {
            byte[] changed = wrapped.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            assertThatExceptionOfType(GeneralSecurityException.class)
                    .as("bit %s", bit)
                    .isThrownBy(() -> HpkeWrap.unwrap(key, changed, INFO));
        }
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> HpkeWrap.unwrap(key, wrapped, "other".getBytes(UTF_8)));
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> HpkeWrap.unwrap(RecoveryPrivateKey.generate(new SecureRandom()), wrapped, INFO));
    }

    @Test
    void unwrap_withALowOrderPoint_fails() {
        byte[] wrapped = HpkeWrap.wrap(key.publicKey(), PLAIN, INFO);
        for (String point : new String[] {
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        }) {
            System.arraycopy(HexFormat.of().parseHex(point), 0, wrapped, 0, 32);

            assertThatExceptionOfType(GeneralSecurityException.class)
                    .isThrownBy(() -> HpkeWrap.unwrap(key, wrapped, INFO));
        }
    }
}
