package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.Vectors;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeysetVectorsTest {
    private final SealingKeyset keyset =
            SealingKeyset.parse(Vectors.text("keyset_json").getBytes(UTF_8));
    private final KeysetContext context = new KeysetContext(Vectors.cluster(), 1, Vectors.text("commitment"));

    @Test
    void keyset_ofPythonTink_hasItsCommitmentAndOneKey() {
        assertThat(keyset.commitment()).isEqualTo(Vectors.text("commitment"));
        assertThat(keyset.primary().id()).isEqualTo(1_000_001);
        assertThat(keyset.root()).isSameAs(keyset.primary());
        assertThat(keyset.newestFirst()).hasSize(1);
    }

    @Test
    void derivations_ofTheVector_areEqual() {
        try (SecretBytes key = Vectors.key();
                KeysetDerivations derivations = keyset.derive(Vectors.cluster())) {
            byte[] raw = key.copy(KeyAccess.insecure());

            assertThat(derivations.rootHex()).isEqualTo(Vectors.text("root"));
            assertThat(Derivation.derive(raw, Vectors.cluster(), "names", 32)).isEqualTo(Vectors.hex("names_key"));
            assertThat(Derivation.derive(raw, Vectors.cluster(), "pages", 32)).isEqualTo(Vectors.hex("pages_key"));
        }
    }

    @Test
    void pageEntry_ofTheVector_isEqual() {
        byte[] page = new byte[8192];
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) (7 * i);
        }

        long entry = keyset.derive(Vectors.cluster()).pages().entry(ByteBuffer.wrap(page));

        assertThat(String.format("%016x", entry))
                .isEqualTo(Vectors.all()
                        .getAsJsonObject("page_list_entry")
                        .get("entry_hex")
                        .getAsString());
    }

    @Test
    void checkValues_ofTheVector_areEqual() {
        for (JsonElement element : Vectors.all().getAsJsonArray("check_values")) {
            JsonObject vector = element.getAsJsonObject();
            byte[] key = HexFormat.of().parseHex(vector.get("key_hex").getAsString());

            assertThat(CheckValue.of(key).hex()).isEqualTo(vector.get("check").getAsString());
        }
    }

    @Test
    void fileRecipient_ofTheVector_opensToTheKeyset() {
        JsonObject vector = Vectors.all().getAsJsonObject("recipient_aes_gcm");
        SecretBytes kek =
                SecretBytes.copyOf(HexFormat.of().parseHex(vector.get("kek_hex").getAsString()));
        FileRecipient recipient = new FileRecipient(
                "box", CheckValue.of(kek), vector.get("ciphertext_base64").getAsString());

        SealingKeyset opened = recipient.unwrap(kek, context);

        assertThat(new String(context.associatedData(), UTF_8))
                .isEqualTo(vector.get("associated_data").getAsString());
        assertThat(opened.json().matches(keyset.json())).isTrue();
    }

    @Test
    void recoveryRecipient_ofTheVector_opensToTheKeyset() {
        JsonObject vector = Vectors.all().getAsJsonObject("recipient_recovery");
        RecoveryPrivateKey key =
                RecoveryPrivateKey.parsePem(vector.get("private_pem").getAsString(), null);
        RecoveryPublicKey publicKey =
                RecoveryPublicKey.parsePem(vector.get("public_pem").getAsString());
        RecoveryRecipient recipient = new RecoveryRecipient(
                "safe", publicKey.id(), vector.get("ciphertext_base64").getAsString());

        SealingKeyset opened = recipient.unwrap(key, context);

        assertThat(publicKey).isEqualTo(key.publicKey());
        assertThat(publicKey.id()).isEqualTo(vector.get("key_id").getAsString());
        assertThat(opened.json().matches(keyset.json())).isTrue();
        assertThat(key.publicKey().toPem()).isEqualTo(vector.get("public_pem").getAsString());
        try (SecretBytes pem = key.toPem()) {
            assertThat(new String(pem.copy(KeyAccess.insecure()), UTF_8))
                    .isEqualTo(vector.get("private_pem").getAsString());
        }
    }
}
