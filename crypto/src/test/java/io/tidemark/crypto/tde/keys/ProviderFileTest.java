package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.tde.TdeSet;
import io.tidemark.crypto.tde.keys.ProviderFile.FileOptions;
import io.tidemark.crypto.tde.keys.ProviderFile.KmipOptions;
import io.tidemark.crypto.tde.keys.ProviderFile.Provider;
import io.tidemark.crypto.tde.keys.ProviderFile.VaultOptions;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers of each type, read and written, and records that pg_tde would neither write nor read. */
class ProviderFileTest {
    private static final List<Provider> ONE_OF_EACH = List.of(
            new Provider(-1, "ring", new FileOptions("/etc/ring \"1\" \\ <é>")),
            new Provider(-2, "vault", new VaultOptions("https://vault:8200", "tde", "/etc/token", null, null)),
            new Provider(-3, "bao", new VaultOptions("https://bao:8200", "tde", "/etc/token", "/etc/ca", "team")),
            new Provider(-4, "kms", new KmipOptions("kms.example.com", 5696, "/c", "/k", "/ca")));

    @Test
    void with_aProviderOfEachType_readsBack() {
        ProviderFile file = ProviderFile.read(ByteBuffer.allocate(0));
        for (Provider provider : ONE_OF_EACH) {
            file = file.with(provider);
        }

        ProviderFile read = ProviderFile.read(ByteBuffer.wrap(file.content()));

        assertThat(file.content()).hasSize(4 * 1160);
        assertThat(read.providers()).isEqualTo(ONE_OF_EACH);
        assertThat(read.provider(-3).orElseThrow().options().fields())
                .containsEntry("namespace", "team")
                .hasSize(5);
        assertThat(read.provider(1)).isEmpty();
    }

    /** What a restored copy needs whose key ring or KMS lies elsewhere. */
    @Test
    void with_anIdThatIsThere_changesItsRecordAndNoOther() {
        byte[] server = TdeSet.bundled("basic").keyFile("1664_providers");
        ProviderFile two = ProviderFile.read(ByteBuffer.wrap(server)).with(ONE_OF_EACH.get(1));

        ProviderFile changed = two.with(new Provider(-1, "lab", new FileOptions("keyring.per")));

        assertThat(changed.providers())
                .containsExactly(new Provider(-1, "lab", new FileOptions("keyring.per")), ONE_OF_EACH.get(1));
        assertThat(ByteBuffer.wrap(changed.content(), 1160, 1160))
                .isEqualTo(ByteBuffer.wrap(two.content(), 1160, 1160));
    }

    @Test
    void deletedRecord_keepsItsIdAndIsNoProvider() {
        byte[] file = all(record(-1, "gone", "{garbage", 0), record(-2, "ring", "{\"path\":\"p\"}", 1));

        ProviderFile read = ProviderFile.read(ByteBuffer.wrap(file));

        assertThat(read.providers()).extracting(Provider::id).containsExactly(-2);
        assertThat(read.content()).isEqualTo(file);
        assertThat(read.with(ONE_OF_EACH.get(0)).content()).hasSameSizeAs(file);
    }

    @Test
    void options_inPgTdesOwnForms_areRead() {
        assertThat(options(1, "{\"path\" : \"a\\u00e9\\/b\"}")).isEqualTo(new FileOptions("aé/b"));
        assertThat(options(
                        3, "{\"host\":\"h\",\"port\":\"5696\",\"certPath\":\"c\",\"keyPath\":\"k\",\"caPath\":\"a\"}"))
                .isEqualTo(new KmipOptions("h", 5696, "c", "k", "a"));
        assertThat(options(
                        2,
                        "{\"url\":\"u\",\"mountPath\":\"m\",\"tokenPath\":\"t\",\"caPath\":null,\"namespace\":null}"))
                .isEqualTo(new VaultOptions("u", "m", "t", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"path\"",
                "{}",
                "{\"path\":null}",
                "{\"path\":true}",
                "{\"path\":{}}",
                "{\"path\":[\"p\"]}",
                "{\"path\":\"p\",\"path\":\"q\"}",
                "{\"path\":\"p\",\"url\":\"u\"}",
                "{\"path\":\"p\"} x",
                "{\"path\":\"p\"}{}",
                "{path:\"p\"}",
                "{'path':'p'}",
                "{\"path\":\"p\",}",
                "{\"path\":\"\\ud8\"}",
            })
    void options_thatPgTdeWouldNotRead_areDamageAtTheirPlace(String json) {
        assertThatThrownBy(() -> options(1, json))
                .isInstanceOf(DamagedTdeFile.class)
                .hasMessageEndingWith("at byte 132");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "1e3", "\"kmip\"", "99999999999", "5696.0", "\"\""})
    void port_thatIsNone_isDamage(String port) {
        String json = "{\"host\":\"h\",\"port\":" + port + ",\"certPath\":\"c\",\"keyPath\":\"k\",\"caPath\":\"a\"}";

        assertThatThrownBy(() -> options(3, json)).isInstanceOf(DamagedTdeFile.class);
    }

    @Test
    void records_thatMakeNoSense_areDamageAtTheirPlace() {
        byte[] good = record(-1, "ring", "{\"path\":\"p\"}", 1);
        assertDamaged(all(good, record(-1, "ring", "{\"path\":\"p\"}", 1)), 1160, "second time");
        assertDamaged(all(good, record(1, "ring", "{\"path\":\"p\"}", 1)), 1160, "global and local");
        assertDamaged(all(good, record(0, "ring", "{\"path\":\"p\"}", 0)), 1160, "cannot be");
        assertDamaged(record(-1, "", "{\"path\":\"p\"}", 1), 4, "empty");
        assertDamaged(record(-1, "n".repeat(128), "{\"path\":\"p\"}", 1), 4, "no end");
        assertDamaged(record(-1, "ring", "", 1), 132, "empty");
        assertDamaged(record(-1, "ring", "{\"path\":\"p\"}", 4), 1156, "type 4");
        assertDamaged(record(-1, "ring", "{\"path\":\"p\"}", 1 << 24), 1156, "type 16777216");
        byte[] latin1 = record(-1, "ring", "{\"path\":\"p\"}", 1);
        System.arraycopy("{\"path\":\"é\"}".getBytes(ISO_8859_1), 0, latin1, 132, 12);
        assertDamaged(latin1, 132, "UTF-8");
    }

    @Test
    void with_whatDoesNotFit_isRefused() {
        ProviderFile file =
                ProviderFile.read(ByteBuffer.wrap(TdeSet.bundled("basic").keyFile("1664_providers")));
        assertThatThrownBy(() -> file.with(new Provider(-9, "n".repeat(128), new FileOptions("p"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.with(new Provider(-9, "n", new FileOptions("p".repeat(1013)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.with(new Provider(9, "n", new FileOptions("p"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(file.with(new Provider(-9, "n", new FileOptions("p".repeat(1012))))
                        .providers())
                .hasSize(2);
    }

    private static void assertDamaged(byte[] file, long offset, String what) {
        assertThatThrownBy(() -> ProviderFile.read(ByteBuffer.wrap(file)))
                .isInstanceOfSatisfying(
                        DamagedTdeFile.class,
                        damaged -> assertThat(damaged.offset()).isEqualTo(offset))
                .hasMessageContaining(what);
    }

    private static ProviderFile.Options options(int type, String json) {
        return ProviderFile.read(ByteBuffer.wrap(record(5, "p", json, type)))
                .providers()
                .get(0)
                .options();
    }

    private static byte[] record(int id, String name, String options, int type) {
        ByteBuffer record = ByteBuffer.allocate(1160).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0, id);
        record.put(4, name.getBytes(UTF_8));
        record.put(132, options.getBytes(UTF_8));
        record.putInt(1156, type);
        return record.array();
    }

    private static byte[] all(byte[]... records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] record : records) {
            all.writeBytes(record);
        }
        return all.toByteArray();
    }
}
