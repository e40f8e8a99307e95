package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.UnknownTdeVersion;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.tde.RecordedRandom;
import io.tidemark.crypto.tde.TdeSet;
import io.tidemark.crypto.tde.keys.PrincipalKeyHeader.Info;
import io.tidemark.crypto.tde.keys.RelationKeyFile.RelationKey;
import io.tidemark.crypto.tde.keys.WalKeyFile.Kind;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key files that are made here, of each version, with each cipher, and those that are not read. */
class KeyFilesTest {
    private static final Info INFO = new Info(16384, -3, "clé", Instant.parse("2026-11-28T01:02:03.456789012Z"));

    private final SecureRandom random = new RecordedRandom(7);

    @ParameterizedTest
    @EnumSource(names = {"TDE_3", "TDE_4"})
    void relationKeyFile_madeHere_readsBackUnderPrincipalKeysOfEitherLength(KeyFileVersion version) {
        for (int bytes : new int[] {16, 32}) {
            try (SecretBytes principal = key(bytes);
                    InternalKey one = InternalKey.random(InternalKey.Cipher.AES_128, random);
                    InternalKey other = InternalKey.random(InternalKey.Cipher.AES_128, random)) {
                PrincipalKeyHeader header = PrincipalKeyHeader.signed(version, INFO, principal, random);
                List<RelationKey> keys =
                        List.of(new RelationKey(1663, 16400, one), new RelationKey(4294967295L, 4294967294L, other));

                byte[] content =
                        RelationKeyFile.of(header, keys, principal, random).content();

                RelationKeyFile read = RelationKeyFile.read(ByteBuffer.wrap(content));
                assertThat(read.header().orElseThrow().info())
                        .isEqualTo(new Info(16384, -3, "clé", Instant.parse("2026-11-28T01:02:03.456789Z")));
                assertThat(read.entries()).hasToString("[1663/16400 aes_128, 4294967295/4294967294 aes_128]");
                assertSame(read.unwrap(read.find(1663, 16400).orElseThrow(), principal), one);
                assertSame(read.unwrap(read.entries().get(1), principal), other);
                assertThat(read.find(1663, 16401)).isEmpty();
                assertThat(read.find(1664, 16400)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WEK_1", "WEK_2"})
    void walKeyFile_madeHere_readsBackWithItsStartsAndItsUnstartedRange(KeyFileVersion version) {
        WalLocation start = new WalLocation(new TimelineId(0xFFFFFFFF), new Lsn(0xFFFFFFFF_00000010L));
        try (SecretBytes principal = key(32);
                InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random)) {
            PrincipalKeyHeader header = PrincipalKeyHeader.signed(version, INFO, principal, random);

            byte[] content = WalKeyFile.of(header)
                    .append(Kind.ENCRYPTED, start, key, principal, random)
                    .append(Kind.PLAIN, null, key, principal, random)
                    .content();

            WalKeyFile read = WalKeyFile.read(ByteBuffer.wrap(content));
            assertThat(read.entries())
                    .hasToString("[ENCRYPTED aes_128 from FFFFFFFF:FFFFFFFF/10, PLAIN aes_128 from nowhere yet]");
            assertThat(read.entries().get(0).start()).contains(start);
            assertSame(read.unwrap(read.entries().get(0), principal), key);
            assertSame(read.unwrap(read.entries().get(1), principal), key);
            assertThat(read.entries().get(0).fingerprint())
                    .isNotEqualTo(read.entries().get(1).fingerprint());
        }
    }

    @Test
    void keysOfAes256_underAPrincipalKeyOf128Bits_areWrappedInTheNewVersionsAndRefusedInTheOld() {
        try (SecretBytes principal = key(16);
                InternalKey key = InternalKey.random(InternalKey.Cipher.AES_256, random)) {
            List<RelationKey> keys = List.of(new RelationKey(1663, 1, key));
            PrincipalKeyHeader tde4 = PrincipalKeyHeader.signed(KeyFileVersion.TDE_4, INFO, principal, random);
            PrincipalKeyHeader tde3 = PrincipalKeyHeader.signed(KeyFileVersion.TDE_3, INFO, principal, random);
            PrincipalKeyHeader wek1 = PrincipalKeyHeader.signed(KeyFileVersion.WEK_1, INFO, principal, random);

            RelationKeyFile file = RelationKeyFile.of(tde4, keys, principal, random);

            assertSame(file.unwrap(file.entries().get(0), principal), key);
            assertThatThrownBy(() -> RelationKeyFile.of(tde3, keys, principal, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("aes_256");
            assertThatThrownBy(() -> WalKeyFile.of(wek1).append(Kind.PLAIN, null, key, principal, random))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void writing_underAnotherKeyThanTheHeaders_isRefused() {
        try (SecretBytes principal = key(16);
                SecretBytes other = key(16);
                InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random)) {
            PrincipalKeyHeader tde = PrincipalKeyHeader.signed(KeyFileVersion.TDE_4, INFO, principal, random);
            PrincipalKeyHeader wek = PrincipalKeyHeader.signed(KeyFileVersion.WEK_2, INFO, principal, random);

            assertThatThrownBy(() -> RelationKeyFile.of(tde, List.of(), other, random))
                    .isInstanceOf(KeyMismatch.class)
                    .hasMessageContaining("clé");
            assertThatThrownBy(() -> WalKeyFile.of(wek).append(Kind.PLAIN, null, key, other, random))
                    .isInstanceOf(KeyMismatch.class);
            assertThatThrownBy(() -> RelationKeyFile.of(wek, List.of(), principal, random))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> WalKeyFile.of(tde)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void header_writtenTwice_differsInItsSignatureAlone() {
        try (SecretBytes principal = key(16)) {
            byte[] one = PrincipalKeyHeader.signed(KeyFileVersion.WEK_2, INFO, principal, random)
                    .content();
            byte[] other = PrincipalKeyHeader.signed(KeyFileVersion.WEK_2, INFO, principal, random)
                    .content();

            assertThat(Arrays.copyOf(one, 288)).isEqualTo(Arrays.copyOf(other, 288));
            assertThat(Arrays.copyOfRange(one, 288, 304)).isNotEqualTo(Arrays.copyOfRange(other, 288, 304));
        }
    }

    @Test
    void header_ofNamesThatDoNotFit_isNotWritten() {
        try (SecretBytes principal = key(16)) {
            assertThat(header("k".repeat(255), principal).info().name()).hasSize(255);
            for (String name : List.of("", "k".repeat(256), "é".repeat(128), "a\0b")) {
                assertThatThrownBy(() -> header(name, principal)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> new Info(1, 0, "k", Instant.EPOCH)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Info(0, 1, "k", Instant.EPOCH)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private PrincipalKeyHeader header(String name, SecretBytes principal) {
        return PrincipalKeyHeader.signed(KeyFileVersion.TDE_4, new Info(1, -1, name, Instant.EPOCH), principal, random);
    }

    /** T71, and forks of pg_tde that have taken further numbers for other layouts. */
    @ParameterizedTest
    @CsvSource({"TDE, 0", "TDE, 2", "TDE, 5", "TDE, 6", "TDE, 255", "WEK, 0", "WEK, 3", "WEK, 255"})
    void t71_versionThatIsNotKnown_isRefusedByItsNumber(String letters, int number) {
        byte[] file = (letters.equals("TDE")
                        ? TdeSet.bundled("basic").keyFile("5_keys")
                        : TdeSet.bundled("basic").keyFile("wal_keys"))
                .clone();
        file[3] = (byte) number;

        assertThatThrownBy(() -> read(letters, file))
                .isInstanceOf(UnknownTdeVersion.class)
                .hasMessageContaining(letters + " version " + number + " ");
    }

    @Test
    void files_ofBigEndianServersOrOfTheOtherKind_areToldApart() {
        byte[] relations = TdeSet.bundled("basic").keyFile("5_keys");
        byte[] bigEndian = relations.clone();
        ByteBuffer.wrap(bigEndian).putInt(0x04454454);

        assertThatThrownBy(() -> read("TDE", bigEndian))
                .isInstanceOf(UnknownTdeVersion.class)
                .hasMessageContaining("big-endian");
        assertThatThrownBy(() -> read("WEK", relations))
                .isInstanceOf(DamagedTdeFile.class)
                .hasMessageContaining("begins with WEK");
    }

    private static Object read(String letters, byte[] file) {
        return letters.equals("TDE")
                ? RelationKeyFile.read(ByteBuffer.wrap(file))
                : WalKeyFile.read(ByteBuffer.wrap(file));
    }

    @Test
    void emptyFiles_areOnesWithoutAHeaderYet() {
        assertThat(RelationKeyFile.read(ByteBuffer.allocate(0)).header()).isEmpty();
        assertThat(RelationKeyFile.read(ByteBuffer.allocate(0)).content()).isEmpty();
        assertThat(WalKeyFile.read(ByteBuffer.allocate(0)).entries()).isEmpty();
        assertThat(ProviderFile.read(ByteBuffer.allocate(0)).providers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 7, 9, 16})
    void marker_ofAnotherLength_isRefused(int length) {
        assertThatThrownBy(() -> KeyFileVersion.Marker.read(ByteBuffer.wrap(new byte[length])))
                .isInstanceOf(DamagedTdeFile.class);
    }

    @Test
    void marker_ofEachPair_readsBack() {
        KeyFileVersion.Marker marker = new KeyFileVersion.Marker(KeyFileVersion.TDE_3, KeyFileVersion.WEK_1);

        assertThat(KeyFileVersion.Marker.read(ByteBuffer.wrap(marker.content())))
                .isEqualTo(marker);
        assertThatThrownBy(() -> new KeyFileVersion.Marker(KeyFileVersion.WEK_1, KeyFileVersion.TDE_3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyFileVersion.Marker.read(ByteBuffer.wrap("TDE\4WEK\3".getBytes(ISO_8859_1))))
                .isInstanceOf(UnknownTdeVersion.class);
    }

    /** T66: before the first write of WAL the start is 0/0, while it is written it may be half there. */
    @Test
    void t66_startThatIsHalfWritten_isTornAndSaysNothing() {
        byte[] file = TdeSet.bundled("basic").keyFile("wal_keys").clone();
        Arrays.fill(file, 320 + 8, 320 + 16, (byte) 0);

        WalKeyFile read = WalKeyFile.read(ByteBuffer.wrap(file));

        assertThat(read.hasTornStart()).isTrue();
        assertThat(read.entries().get(0).start()).isEmpty();
        assertThat(read.entries().get(1).start()).isPresent();
    }

    @Test
    void keys_ofOtherLengths_areRefused() {
        try (SecretBytes short24 = key(24)) {
            PrincipalKeyHeader header =
                    TdeSet.bundled("basic").walKeys().header().orElseThrow();
            assertThatThrownBy(() -> header.verify(short24)).isInstanceOf(MalformedKey.class);
            assertThatThrownBy(() -> InternalKey.of(short24, new byte[16]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> KeyRing.record("k", short24)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void toString_ofAnything_hasNoByteOfAKey() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {
            0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a
        });
        InternalKey key = InternalKey.of(secret, new byte[16]);
        RelationKey relation = new RelationKey(1, 2, key);

        assertThat(relation + " " + key)
                .doesNotContain("5a5a")
                .doesNotContain("90, 90")
                .contains("aes_128");
        key.close();
        assertThatThrownBy(key::keyCopy).isInstanceOf(IllegalStateException.class);
        assertThat(secret.copy(io.tidemark.crypto.KeyAccess.insecure())).hasSize(16);
    }

    private SecretBytes key(int bytes) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        return SecretBytes.copyOf(key);
    }

    private static void assertSame(InternalKey read, InternalKey written) {
        assertThat(read.key().matches(written.key())).isTrue();
        assertThat(read.baseIv()).isEqualTo(written.baseIv());
        assertThat(read.cipher()).isEqualTo(written.cipher());
        read.close();
    }
}
