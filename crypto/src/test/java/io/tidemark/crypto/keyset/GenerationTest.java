package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.MalformedGeneration;
import io.tidemark.crypto.MalformedKeyset;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.Seeds;
import io.tidemark.crypto.Vectors;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {
    private final SecureRandom random = new SecureRandom();
    private final SealingKeyset keyset = SealingKeyset.create().withNewPrimary();
    private final KeysetContext context = new KeysetContext(Vectors.cluster(), 2, keyset.commitment());
    private final SecretBytes key = SecretBytes.copyOf(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    });
    private final RecoveryPrivateKey recovery = RecoveryPrivateKey.generate(random);
    private final String ciphertext = "A".repeat(40);
    private final Generation generation = new Generation(
            2,
            Vectors.cluster(),
            keyset.commitment(),
            Instant.parse("2026-11-27T02:03:04.000005Z"),
            List.of(
                    FileRecipient.wrap("box", key, keyset, context, random),
                    RecoveryRecipient.wrap("safe", recovery.publicKey(), keyset, context),
                    new ProviderRecipient(
                            RecipientKind.KMIP,
                            "prod",
                            new ProviderKey("kms", "tidemark-prod", "17", new CheckValue("0123456789")),
                            Wrapping.AES_GCM,
                            ciphertext),
                    new ProviderRecipient(
                            RecipientKind.KMIP,
                            "inside",
                            new ProviderKey("kms", "stays", "18", null),
                            Wrapping.KMIP_ENCRYPT,
                            ciphertext),
                    new ProviderRecipient(
                            RecipientKind.VAULT,
                            "vault",
                            new ProviderKey("vault", "secret/tidemark", null, null),
                            Wrapping.AES_GCM,
                            ciphertext)));

    @Test
    void toJson_readsBackTheSame() {
        Generation read = Generation.parse(generation.toJson());

        assertThat(read).isEqualTo(generation);
        assertThat(read.toJson()).isEqualTo(generation.toJson());
        assertThat(new String(generation.toJson(), UTF_8))
                .startsWith(
                        "{\"format\":1,\"cluster\":\"" + Vectors.cluster() + "\",\"generation\":2,\"commitment\":\"")
                .contains("\"created\":\"2026-11-27T02:03:04.000005Z\"")
                .contains("{\"kind\":\"file\",\"name\":\"box\",\"key\":{\"check\":\"")
                .contains("\"key\":{\"provider\":\"vault\",\"name\":\"secret/tidemark\"},\"how\":\"aes-gcm\"");
    }

    @Test
    void recipients_ofWhatWasRead_allOpenToTheSameKeyset() {
        Generation read = Generation.parse(generation.toJson());

        FileRecipient file = (FileRecipient) read.recipients().get(0);
        RecoveryRecipient safe = (RecoveryRecipient) read.recipients().get(1);

        assertThat(file.unwrap(key, read.context()).json().matches(keyset.json()))
                .isTrue();
        assertThat(safe.unwrap(recovery, read.context()).json().matches(keyset.json()))
                .isTrue();
        assertThat(safe.id()).isEqualTo(recovery.publicKey().id());
        assertThat(file.check()).isEqualTo(CheckValue.of(key));
    }

    @Test
    void unwrap_withAnotherKey_isAMismatchThatNamesCheckValues() {
        SecretBytes other = SecretBytes.copyOf(new byte[32]);
        FileRecipient file = (FileRecipient) generation.recipients().get(0);
        RecoveryRecipient safe = (RecoveryRecipient) generation.recipients().get(1);

        assertThatExceptionOfType(KeyMismatch.class)
                .isThrownBy(() -> file.unwrap(other, context))
                .withMessageContaining(CheckValue.of(other).hex())
                .withMessageContaining(CheckValue.of(key).hex());
        assertThatExceptionOfType(KeyMismatch.class)
                .isThrownBy(() -> safe.unwrap(RecoveryPrivateKey.generate(random), context))
                .withMessageContaining(safe.id());
    }

    @Test
    void unwrap_ofARecipientMovedToAnotherGenerationOrCluster_fails() {
        FileRecipient file = (FileRecipient) generation.recipients().get(0);
        RecoveryRecipient safe = (RecoveryRecipient) generation.recipients().get(1);
        List<KeysetContext> others = List.of(
                new KeysetContext(Vectors.cluster(), 3, keyset.commitment()),
                new KeysetContext("00000000-0000-0000-0000-000000000000", 2, keyset.commitment()),
                new KeysetContext(Vectors.cluster(), 2, "0".repeat(64)));

        for (KeysetContext other : others) {
            assertThatExceptionOfType(KeyMismatch.class)
                    .isThrownBy(() -> file.unwrap(key, other))
                    .withMessageContaining("damaged or was moved");
            assertThatExceptionOfType(KeyMismatch.class).isThrownBy(() -> safe.unwrap(recovery, other));
        }
    }

    @Test
    void unwrap_toAnotherKeysetThanCommitted_isRefused() {
        KeysetContext lying = new KeysetContext(Vectors.cluster(), 2, "0".repeat(64));
        FileRecipient file = FileRecipient.wrap("box", key, keyset, lying, random);
        RecoveryRecipient safe = RecoveryRecipient.wrap("safe", recovery.publicKey(), keyset, lying);

        assertThatExceptionOfType(MalformedKeyset.class)
                .isThrownBy(() -> file.unwrap(key, lying))
                .withMessageContaining(keyset.commitment());
        assertThatExceptionOfType(MalformedKeyset.class).isThrownBy(() -> safe.unwrap(recovery, lying));
    }

    @Test
    void ciphertext_withAnyBitFlipped_fails() {
        byte[] wrapped = Base64Text.decode(generation.recipients().get(0).ciphertext());
        for (int bit = 0; bit < 8 * wrapped.length; bit += 7) {
            byte[] flipped = wrapped.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            FileRecipient file = new FileRecipient("box", CheckValue.of(key), Base64Text.encode(flipped));

            assertThatExceptionOfType(KeyMismatch.class).as("bit %s", bit).isThrownBy(() -> file.unwrap(key, context));
        }
    }

    @Test
    void parse_anyFieldMissingTwiceOrUnknown_isRefused() {
        for (String field : json().keySet()) {
            refuses(json -> json.remove(field));
            String whole = json().toString();
            String again = "\"" + field + "\":" + json().get(field);
            refuses(whole.substring(0, whole.length() - 1) + "," + again + "}");
        }
        refuses(json -> json.addProperty("more", 1));
        JsonObject recipient = recipient(json());
        for (String field : recipient.keySet()) {
            refuses(json -> recipient(json).remove(field));
        }
        refuses(json -> recipient(json).addProperty("more", 1));
        refuses(json -> recipient(json).getAsJsonObject("key").addProperty("more", 1));
    }

    @Test
    void parse_fieldsOfAnotherForm_areRefused() {
        Map<String, List<JsonPrimitive>> bad = Map.of(
                "generation", primitives(0, -1, 100_000_000L, 1L << 40, 1.5, "2"),
                "cluster", primitives("", "x", Vectors.cluster().toUpperCase(Locale.ROOT), 5),
                "commitment", primitives("", "0".repeat(63), "G".repeat(64), "A".repeat(64)),
                "created",
                        primitives(
                                "",
                                "2026-11-27",
                                "2026-11-27T02:03:04Z",
                                "2026-11-27T02:03:04.000005+01:00",
                                "2026-13-27T02:03:04.000005Z",
                                5),
                "format", primitives("1", 1.0));
        bad.forEach((field, values) -> values.forEach(value -> refuses(json -> json.add(field, value))));
        refuses(json -> json.add("recipients", new JsonArray()));
        refuses(json -> json.addProperty("recipients", "none"));
        refuses(json -> json.getAsJsonArray("recipients").add(5));
    }

    @Test
    void parse_anotherFormat_isRefusedByName() {
        JsonObject json = json();
        json.addProperty("format", 2);
        json.addProperty("new-in-two", true);

        assertThatExceptionOfType(MalformedGeneration.class)
                .isThrownBy(() -> Generation.parse(json.toString().getBytes(UTF_8)))
                .withMessageContaining("format 2");
    }

    @Test
    void parse_recipientsOfAnotherForm_areRefused() {
        refuses(json -> recipient(json).addProperty("kind", "friend"));
        refuses(json -> recipient(json).addProperty("kind", "FILE"));
        refuses(json -> recipient(json).addProperty("kind", "recovery"));
        refuses(json -> recipient(json).addProperty("how", "hpke"));
        refuses(json -> recipient(json).addProperty("how", "rot13"));
        refuses(json -> recipient(json).addProperty("ciphertext", "AAAA"));
        refuses(json -> recipient(json).addProperty("ciphertext", "*".repeat(80)));
        refuses(json -> recipient(json).addProperty("ciphertext", "AAAA\n".repeat(20)));
        refuses(json -> recipient(json).getAsJsonObject("key").addProperty("check", "0"));
        refuses(json -> recipient(json).addProperty("key", "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{}",
                "{} {}",
                "{\"format\":1,}",
                "{format:1}",
                "{'format':1}",
                "{\"format\":1e0}",
                "{\"format\":1e999999999}",
                "{\"format\":99999999999999999999999999999999}",
                "{\"format\":01}",
                "{\"format\":NaN}",
                "{\"format\":1;\"x\":2}",
                "/* */ {\"format\":1}",
                ")]}'\n{\"format\":1}",
                "{\"format\":\"\\ud800\"}",
                "{\"\u0000\":1}",
                "{\"a\tb\":1}"
            })
    void parse_whatIsNoStrictJson_isMalformedAndNothingWorse(String text) {
        refuses(text);
    }

    @Test
    void parse_deepOrLongJson_isRefusedWithoutRecursionOrMemory() {
        refuses("[".repeat(100_000));
        refuses("{\"recipients\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}");
        refuses("{\"a\":".repeat(500_000));
        refuses("{\"created\":\"" + "x".repeat(9 << 20) + "\"}");
        refuses("{\"format\":" + "9".repeat(1 << 20) + "}");
    }

    @Test
    void parse_bytesThatAreNoUtf8_isRefused() {
        byte[] bytes = generation.toJson();
        bytes[20] = (byte) 0xFF;

        assertThatExceptionOfType(MalformedGeneration.class).isThrownBy(() -> Generation.parse(bytes));
    }

    @Test
    void parse_anyMutation_isMalformedOrAnotherGenerationButNeverABug() {
        byte[] good = generation.toJson();
        Seeds.each(3000, seeded -> {
            byte[] bytes = good.clone();
            for (int i = 0; i <= seeded.nextInt(3); i++) {
                bytes[seeded.nextInt(bytes.length)] = (byte) seeded.nextInt(128);
            }
            try {
                Generation.parse(bytes);
            } catch (MalformedGeneration e) {
                assertThat(e).hasMessageNotContaining(ciphertext);
            }
        });
    }

    @Test
    void generation_thatCouldNotBeOpened_isNotMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Generation(1, Vectors.cluster(), keyset.commitment(), Instant.EPOCH, List.of()))
                .withMessageContaining("recipients");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Generation(
                        0, Vectors.cluster(), keyset.commitment(), Instant.EPOCH, generation.recipients()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProviderRecipient(
                        RecipientKind.VAULT,
                        "v",
                        new ProviderKey("v", "k", null, null),
                        Wrapping.KMIP_ENCRYPT,
                        ciphertext));
    }

    private static List<JsonPrimitive> primitives(Object... values) {
        return Arrays.stream(values)
                .map(value ->
                        value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive((String) value))
                .toList();
    }

    private JsonObject json() {
        return JsonParser.parseString(new String(generation.toJson(), UTF_8)).getAsJsonObject();
    }

    private static JsonObject recipient(JsonObject generation) {
        return generation.getAsJsonArray("recipients").get(0).getAsJsonObject();
    }

    private void refuses(Consumer<JsonObject> change) {
        JsonObject json = json();
        change.accept(json);
        refuses(json.toString());
    }

    private static void refuses(String json) {
        assertThatExceptionOfType(MalformedGeneration.class)
                .as(json.length() > 500 ? "long" : json)
                .isThrownBy(() -> Generation.parse(json.getBytes(UTF_8)));
    }
}
