package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryKeyTest {
    private static final char[] PASSPHRASE = "correct horse".toCharArray();

    private final SecureRandom random = new SecureRandom();
    private final RecoveryPublicKey publicKey = RecoveryPublicKey.parsePem(pem("plain.pub"));

    @Test
    void parsePem_ofAPlainKeyByOpenssl_isThePublicKeysOtherHalf() {
        assertThat(RecoveryPrivateKey.parsePem(pem("plain.key"), null).publicKey())
                .isEqualTo(publicKey)
                .hasSameHashCodeAs(publicKey);
        assertThat(publicKey.toPem()).isEqualTo(pem("plain.pub"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes256.key", "aes128-sha512.key", "scrypt.key"})
    void parsePem_ofAnEncryptedKeyByOpenssl_opensWithItsPassphraseOnly(String file) {
        assertThat(RecoveryPrivateKey.parsePem(pem(file), PASSPHRASE).publicKey())
                .isEqualTo(publicKey);
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPrivateKey.parsePem(pem(file), "wrong".toCharArray()))
                .withMessageNotContaining("wrong");
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPrivateKey.parsePem(pem(file), null))
                .withMessageContaining("no passphrase");
    }

    @Test
    void parsePem_passphraseOutsideOfAscii_isTakenAsUtf8LikeOpensslDoes() {
        assertThat(RecoveryPrivateKey.parsePem(pem("utf8.key"), "pässwörter".toCharArray())
                        .publicKey())
                .isEqualTo(publicKey);
    }

    @Test
    void parsePem_ofAnOlderEncryption_isRefusedWithTheWayOut() {
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPrivateKey.parsePem(pem("pbes1.key"), PASSPHRASE))
                .withMessageContaining("PBES2")
                .withMessageContaining("HINT: ");
    }

    @Test
    void parsePem_ofAnotherAlgorithm_isRefused() {
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPrivateKey.parsePem(pem("ed25519.key"), null))
                .withMessageContaining("expected X25519");
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPublicKey.parsePem(pem("ed25519.pub")))
                .withMessageContaining("expected X25519");
    }

    @Test
    void parsePem_ofTheOtherHalf_saysWhatItIs() {
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPublicKey.parsePem(pem("plain.key")))
                .withMessageContaining("PRIVATE KEY, expected a PUBLIC KEY");
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPrivateKey.parsePem(pem("plain.pub"), null))
                .withMessageContaining("holds a PUBLIC KEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIA==\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n****\n-----END PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIA==\n-----END ENCRYPTED PRIVATE KEY-----\n"
            })
    void parsePem_ofSomethingElse_isMalformedAndNothingWorse(String text) {
        assertThatExceptionOfType(MalformedKey.class).isThrownBy(() -> RecoveryPrivateKey.parsePem(text, PASSPHRASE));
        assertThatExceptionOfType(MalformedKey.class).isThrownBy(() -> RecoveryPublicKey.parsePem(text));
    }

    @Test
    void parsePem_ofTwoKeysInOneText_isRefused() {
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> RecoveryPublicKey.parsePem(pem("plain.pub") + pem("ed25519.pub")))
                .withMessageContaining("more than one");
    }

    @Test
    void generate_writtenInBothForms_readsBack() {
        RecoveryPrivateKey key = RecoveryPrivateKey.generate(random);

        String plain = new String(key.toPem().copy(KeyAccess.insecure()), UTF_8);
        String encrypted = key.toEncryptedPem(PASSPHRASE, random);

        assertThat(RecoveryPrivateKey.parsePem(plain, null).publicKey()).isEqualTo(key.publicKey());
        assertThat(RecoveryPrivateKey.parsePem(encrypted, PASSPHRASE).publicKey())
                .isEqualTo(key.publicKey());
        assertThat(encrypted)
                .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
                .doesNotContain(plain.split("\n")[1]);
        assertThat(RecoveryPrivateKey.generate(random).publicKey()).isNotEqualTo(key.publicKey());
        assertThat(key).hasToString("RecoveryPrivateKey[" + key.publicKey().id() + "]");
    }

    @Test
    void close_makesTheKeyUseless() {
        RecoveryPrivateKey key = RecoveryPrivateKey.generate(random);

        key.close();

        assertThatIllegalStateException().isThrownBy(key::toPem);
    }

    static String pem(String name) {
        try (InputStream stream =
                Objects.requireNonNull(RecoveryKeyTest.class.getResourceAsStream("/pem/" + name), name)) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
