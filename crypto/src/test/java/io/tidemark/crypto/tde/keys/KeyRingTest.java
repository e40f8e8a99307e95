package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings that pg_tde 2.2.0 wrote, with the digests of their keys as its lab recorded them, and rings that it would not write. */
class KeyRingTest {
    @ParameterizedTest
    @CsvSource({
        "basic/keyring.per, fxbasic-server, 16, f6f1260034026c796efbb4e067486d270c19d6d40567925c0f5c3ff9af18622c",
        "basic/keyring.per, fxbasic-default, 16, 47549ee2d51fa4c216a59642e1408051a76c0c56f9a3b58b3d8e781ba17d4a5a",
        "basic/keyring.per, basic-server-2, 16, fdde59db602cfa163f9efdbdcde7e3f0b598956e6ec214379ca4367195ad3044",
        "basic/keyring.per, basic-default-2, 16, 542e1194132bb8392f8ab6155a2144ad6d38ffe7bf976e09200692fa98b436e1",
        "aes256/keyring.per, FXAES256-server, 32, be64ad9fe7a79dc0e42b1e5115761564b7d82f07f07c4387c94f5c1166380744",
    })
    void named_keyOfARealRing_hasTheRecordedBytes(String file, String name, int length, String sha256) {
        try (KeyRing ring = KeyRing.read(resource(file))) {
            List<KeyRingEntry> found = ring.named(name);

            assertThat(found).hasSize(1);
            assertThat(found.get(0).key().length()).isEqualTo(length);
            assertThat(digest(found.get(0).key().copy(KeyAccess.insecure()))).isEqualTo(sha256);
        }
    }

    @Test
    void named_otherCaseOrAnUnknownName_isAsInPgTde() {
        try (KeyRing ring = KeyRing.read(resource("basic/keyring.per"))) {
            assertThat(ring.named("FXBASIC-Server")).hasSize(1);
            assertThat(ring.named("fxbasic-serve")).isEmpty();
            assertThat(ring.named("")).isEmpty();
            assertThat(ring.entries()).hasSize(4);
        }
    }

    @Test
    void named_twoRecordsOfOneName_givesBothInTheirOrder() {
        byte[] two = ring(record("Same", 16, 1, 16), record("same", 32, 2, 32));

        try (KeyRing ring = KeyRing.read(two)) {
            assertThat(ring.named("SAME")).extracting(KeyRingEntry::name).containsExactly("Same", "same");
        }
    }

    @Test
    void read_nameOf255BytesAndBigEndianLength_isTaken() {
        byte[] record = record("é" + "k".repeat(253), 32, 3, Integer.reverseBytes(32));

        try (KeyRing ring = KeyRing.read(record)) {
            assertThat(ring.named("é" + "K".repeat(253))).hasSize(1);
            assertThat(ring.entries().get(0).key().length()).isEqualTo(32);
        }
    }

    @Test
    void read_emptyFileOfANewProvider_holdsNoKey() {
        assertThat(KeyRing.read(new byte[0]).entries()).isEmpty();
        assertThat(KeyRing.canHave(0)).isFalse();
        assertThat(KeyRing.canHave(584)).isTrue();
        assertThat(KeyRing.canHave(32)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 291, 293, 1167})
    void read_cutFile_isRefused(int length) {
        byte[] cut = Arrays.copyOf(resource("basic/keyring.per"), length);

        assertThatThrownBy(() -> KeyRing.read(cut))
                .isInstanceOf(MalformedKey.class)
                .hasMessageContaining("no multiple of 292");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 24, 33, -1, Integer.MIN_VALUE})
    void read_keyOfAnotherLength_isRefusedByItsRecord(int length) {
        byte[] ring = ring(record("a", 16, 1, 16), record("b", 16, 0x5a, length));

        assertThatThrownBy(() -> KeyRing.read(ring))
                .isInstanceOf(MalformedKey.class)
                .hasMessageContaining("record 2")
                .hasMessageNotContaining("5a5a");
    }

    @Test
    void read_recordWithoutANameOrWithoutItsEnd_isRefused() {
        assertThatThrownBy(() -> KeyRing.read(record("", 16, 1, 16))).isInstanceOf(MalformedKey.class);
        assertThatThrownBy(() -> KeyRing.read(record("k".repeat(256), 16, 1, 16)))
                .isInstanceOf(MalformedKey.class);
    }

    @Test
    void close_ring_wipesItsKeysAndPrintsNone() {
        KeyRing ring = KeyRing.read(record("a", 16, 0x5a, 16));
        KeyRingEntry entry = ring.entries().get(0);

        ring.close();

        assertThat(ring + " " + entry).doesNotContain("5a5a").doesNotContain("90, 90");
        assertThatThrownBy(() -> entry.key().copy(KeyAccess.insecure())).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] record(String name, int bytes, int filling, int length) {
        byte[] record = new byte[292];
        byte[] utf8 = name.getBytes(UTF_8);
        System.arraycopy(utf8, 0, record, 0, utf8.length);
        Arrays.fill(record, 256, 256 + bytes, (byte) filling);
        for (int i = 0; i < 4; i++) {
            record[288 + i] = (byte) (length >>> 8 * i);
        }
        return record;
    }

    private static byte[] ring(byte[]... records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] record : records) {
            all.writeBytes(record);
        }
        return all.toByteArray();
    }

    private static String digest(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(KeyRingTest.class.getResourceAsStream("/pg_tde/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
