package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKeyset;
import io.tidemark.crypto.RootMismatch;
import io.tidemark.crypto.Vectors;
import io.tidemark.crypto.seal.SealingKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingKeysetTest {
    @Test
    void create_writesWhatParseReads() {
        SealingKeyset made = SealingKeyset.create();

        SealingKeyset read = SealingKeyset.parse(made.json());

        assertThat(read.commitment()).isEqualTo(made.commitment()).hasSize(64);
        assertThat(read.primary().id()).isEqualTo(made.primary().id());
        assertThat(read.derive("c").rootHex()).isEqualTo(made.derive("c").rootHex());
        assertThat(SealingKeyset.create().commitment()).isNotEqualTo(made.commitment());
    }

    @Test
    void withNewPrimary_keepsTheRootFirstAndTriesTheNewestFirst() {
        SealingKeyset keyset = SealingKeyset.create();
        List<Long> ids = new ArrayList<>(List.of(keyset.root().id()));
        for (int i = 0; i < 3; i++) {
            SealingKeyset next = keyset.withNewPrimary();
            ids.add(0, next.primary().id());

            assertThat(next.derive("c").rootHex()).isEqualTo(keyset.derive("c").rootHex());
            assertThat(next.newestFirst()).extracting(SealingKey::id).containsExactlyElementsOf(ids);
            assertThat(next.root().id()).isEqualTo(ids.get(ids.size() - 1));
            assertThat(SealingKeyset.parse(next.json()).newestFirst())
                    .extracting(SealingKey::id)
                    .containsExactlyElementsOf(ids);
            keyset = next;
        }
    }

    @Test
    void parse_aPrimaryThatIsNotTheLast_isAccepted() {
        JsonObject json = json(SealingKeyset.create().withNewPrimary());
        long first =
                json.getAsJsonArray("key").get(0).getAsJsonObject().get("keyId").getAsLong();
        json.addProperty("primaryKeyId", first);

        SealingKeyset keyset = SealingKeyset.parse(json.toString().getBytes(UTF_8));

        assertThat(keyset.primary()).isSameAs(keyset.root());
    }

    @Test
    void parse_otherParametersStatusOrPrefix_isRefused() {
        refuses(key -> key.addProperty("status", "DISABLED"));
        refuses(key -> key.addProperty("status", "DESTROYED"));
        refuses(key -> key.addProperty("outputPrefixType", "TINK"));
        refuses(key -> key.addProperty("outputPrefixType", "CRUNCHY"));
        refuses(key -> key.addProperty("keyId", -1));
        refuses(key -> key.addProperty("keyId", "1"));
        refuses(key -> key.addProperty("more", 1));
        refuses(key -> key.remove("status"));
        refuses(key -> data(key).addProperty("typeUrl", "type.googleapis.com/google.crypto.tink.AesGcmKey"));
        refuses(key ->
                data(key).addProperty("typeUrl", "type.googleapis.com/google.crypto.tink.AesCtrHmacStreamingKey"));
        refuses(key -> data(key).addProperty("keyMaterialType", "REMOTE"));
        refuses(key -> data(key).addProperty("value", "****"));
    }

    @Test
    void parse_otherKeySizesHashOrSegmentSize_isRefused() {
        // params: segment size 65536, derived 32, hash 3 (SHA-256); then the key
        refuses(value("1208088080041020180" + "31a20" + "00".repeat(32) + "00"));
        refuses(value("120808808010" + "10201803" + "1a20" + "00".repeat(32)));
        refuses(value("12080880800410101803" + "1a20" + "00".repeat(32)));
        refuses(value("12080880800410201804" + "1a20" + "00".repeat(32)));
        refuses(value("12080880800410201803" + "1a40" + "00".repeat(64)));
        refuses(value("12080880800410201803" + "1a10" + "00".repeat(16)));
        refuses(value("080112080880800410201803" + "1a20" + "00".repeat(32)));
        refuses(value(""));
        // the same key as the format has it, so that the others are refused for their own reason
        JsonObject good = json(SealingKeyset.create());
        value("12080880800410201803" + "1a20" + "00".repeat(32)).accept(key(good));
        assertThat(SealingKeyset.parse(good.toString().getBytes(UTF_8)).newestFirst())
                .hasSize(1);
    }

    @Test
    void parse_aKeysetWithoutOnePrimary_isRefused() {
        JsonObject none = json(SealingKeyset.create());
        none.addProperty("primaryKeyId", key(none).get("keyId").getAsLong() ^ 1);
        JsonObject absent = json(SealingKeyset.create());
        absent.remove("primaryKeyId");
        JsonObject twice = json(SealingKeyset.create());
        twice.getAsJsonArray("key").add(key(twice).deepCopy());
        JsonObject empty = json(SealingKeyset.create());
        empty.add("key", new JsonArray());

        for (JsonObject json : List.of(none, absent, twice, empty)) {
            refuses(json.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"primaryKeyId\":1,\"key\":{}}",
                "{\"primaryKeyId\":1e9,\"key\":[]}",
                "{\"primaryKeyId\":1,\"primaryKeyId\":1,\"key\":[]}",
                "{'primaryKeyId':1,'key':[]}",
                "{\"key\":[null]}",
                "{\"encryptedKeyset\":\"AAAA\"}"
            })
    void parse_ofSomethingElse_isMalformedAndNothingWorse(String text) {
        refuses(text);
    }

    @Test
    void parse_thatFails_quotesNoKey() {
        JsonObject json = json(SealingKeyset.create());
        String value = data(key(json)).get("value").getAsString();
        key(json).addProperty("status", value);

        assertThatExceptionOfType(MalformedKeyset.class)
                .isThrownBy(() -> SealingKeyset.parse(json.toString().getBytes(UTF_8)))
                .satisfies(e -> {
                    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                        assertThat(String.valueOf(cause)).doesNotContain(value);
                    }
                });
    }

    @Test
    void close_wipesTheKeysOfThisKeysetOnly() {
        SealingKeyset keyset = SealingKeyset.create();
        SealingKeyset next = keyset.withNewPrimary();

        keyset.close();

        assertThatIllegalStateException().isThrownBy(() -> keyset.derive("c"));
        assertThatIllegalStateException().isThrownBy(() -> keyset.json().copy(KeyAccess.insecure()));
        assertThat(next.derive("c").rootHex()).hasSize(32);
        assertThat(next)
                .hasToString("SealingKeyset[2 keys, primary " + next.primary().id() + "]");
    }

    @Test
    void requireRoot_ofAnotherKeyset_isRefused() {
        KeysetDerivations derivations = SealingKeyset.create().derive(Vectors.cluster());

        derivations.requireRoot(derivations.rootHex());
        derivations.requireRoot(derivations.rootHex().toUpperCase(Locale.ROOT));
        assertThatExceptionOfType(RootMismatch.class)
                .isThrownBy(() -> derivations.requireRoot(Vectors.text("root")))
                .withMessageContaining(derivations.rootHex());
        assertThatExceptionOfType(RootMismatch.class).isThrownBy(() -> derivations.requireRoot(""));
    }

    @Test
    void derivations_ofAnotherCluster_areOthers() {
        SealingKeyset keyset = SealingKeyset.create();
        KeysetDerivations one = keyset.derive("00000000-0000-0000-0000-000000000001");
        KeysetDerivations two = keyset.derive("00000000-0000-0000-0000-000000000002");
        ByteBuffer page = ByteBuffer.allocate(8192);

        assertThat(one.rootHex()).isNotEqualTo(two.rootHex());
        assertThat(one.pages().entry(page.duplicate()))
                .isNotEqualTo(two.pages().entry(page.duplicate()))
                .isEqualTo(one.pages().entry(page.duplicate()));
        assertThat(one.newNameDigest().update(page.duplicate()).first16Hex())
                .isNotEqualTo(two.newNameDigest().update(page.duplicate()).first16Hex());
        one.close();
        assertThatIllegalStateException().isThrownBy(one::pages);
        assertThatIllegalStateException().isThrownBy(one::newNameDigest);
    }

    private static Consumer<JsonObject> value(String hex) {
        return key -> data(key)
                .addProperty(
                        "value",
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
    }

    private static void refuses(Consumer<JsonObject> change) {
        JsonObject json = json(SealingKeyset.create());
        change.accept(key(json));
        refuses(json.toString());
    }

    private static void refuses(String json) {
        assertThatExceptionOfType(MalformedKeyset.class)
                .as(json)
                .isThrownBy(() -> SealingKeyset.parse(json.getBytes(UTF_8)));
    }

    private static JsonObject json(SealingKeyset keyset) {
        return JsonParser.parseString(new String(keyset.json().copy(KeyAccess.insecure()), UTF_8))
                .getAsJsonObject();
    }

    private static JsonObject key(JsonObject keyset) {
        return keyset.getAsJsonArray("key").get(0).getAsJsonObject();
    }

    private static JsonObject data(JsonObject key) {
        return key.getAsJsonObject("keyData");
    }
}
