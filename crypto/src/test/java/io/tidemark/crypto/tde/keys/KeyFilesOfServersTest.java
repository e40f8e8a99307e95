package io.tidemark.crypto.tde.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.tde.RecordedRandom;
import io.tidemark.crypto.tde.TdeSet;
import io.tidemark.crypto.tde.keys.ProviderFile.FileOptions;
import io.tidemark.crypto.tde.keys.RelationKeyFile.RelationKey;
import io.tidemark.crypto.tde.keys.WalKeyFile.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Key files that servers of pg_tde 2.1.2 and 2.2.0 wrote: what the manifests of their sets say is what is read, and what is written is what they wrote. */
class KeyFilesOfServersTest {
    static List<TdeSet> sets() {
        return TdeSet.all();
    }

    @Test
    void fixtures_besideTheProject_areAmongTheSets() {
        assumeTrue(TdeSet.fixturesArePresent(), TdeSet.ABSENT);

        assertThat(TdeSet.all()).hasSize(8);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void relationKeys_ofAServer_areThoseOfItsManifest(TdeSet set) {
        RelationKeyFile file = set.relationKeys();
        List<JsonObject> expected = set.manifest("relation_keys").stream()
                .filter(key -> key.get("type").getAsString().equals("key"))
                .toList();

        assertThat(file.entries()).hasSameSizeAs(expected);
        try (SecretBytes principal = set.principalKey(file.header().orElseThrow())) {
            for (int i = 0; i < expected.size(); i++) {
                RelationKeyFile.Entry entry = file.entries().get(i);
                try (InternalKey key = file.unwrap(entry, principal)) {
                    assertThat(entry.tablespace()).isEqualTo(1663);
                    assertThat(entry.relation())
                            .isEqualTo(expected.get(i).get("rel").getAsLong());
                    assertThat(TdeSet.sha256(key.key()))
                            .isEqualTo(expected.get(i).get("key_sha256").getAsString());
                    assertThat(key.cipher().toString()).isEqualTo(cipher(expected.get(i)));
                    assertThat(entry.cipher()).isEqualTo(key.cipher());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void walKeys_ofAServer_areThoseOfItsManifest(TdeSet set) {
        WalKeyFile file = set.walKeys();
        List<JsonObject> expected = set.manifest("wal_ranges");

        assertThat(file.entries()).hasSameSizeAs(expected);
        assertThat(file.hasTornStart()).isFalse();
        try (SecretBytes principal = set.principalKey(file.header().orElseThrow())) {
            for (int i = 0; i < expected.size(); i++) {
                JsonObject range = expected.get(i);
                WalKeyFile.Entry entry = file.entries().get(i);
                Kind kind = range.get("type").getAsString().equals("plain") ? Kind.PLAIN : Kind.ENCRYPTED;
                assertThat(entry.kind()).isEqualTo(kind);
                assertThat(entry.start().orElseThrow().lsn())
                        .hasToString(range.get("start_lsn").getAsString());
                assertThat(entry.start().orElseThrow().timeline().number())
                        .isEqualTo(range.get("start_tli").getAsLong());
                try (InternalKey key = file.unwrap(entry, principal)) {
                    assertThat(TdeSet.sha256(key.key()))
                            .isEqualTo(range.get("key_sha256").getAsString());
                    assertThat(key.cipher().toString()).isEqualTo(cipher(range));
                    if (range.has("base_iv")) {
                        assertThat(HexFormat.of().formatHex(key.baseIv()))
                                .isEqualTo(range.get("base_iv").getAsString());
                    }
                }
            }
        }
    }

    private static String cipher(JsonObject key) {
        return key.has("cipher") ? key.get("cipher").getAsString() : "aes_128";
    }

    @ParameterizedTest
    @MethodSource("sets")
    void keyRing_ofAServer_hasTheManifestsKeysAndIsItsRecordsInARow(TdeSet set) {
        try (KeyRing ring = set.keyRing()) {
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            for (KeyRingEntry entry : ring.entries()) {
                again.writeBytes(KeyRing.record(entry.name(), entry.key()));
            }

            assertThat(again.toByteArray()).isEqualTo(set.file("keyring.per"));
            for (JsonObject expected : set.manifest("principal_keys")) {
                KeyRingEntry entry =
                        ring.named(expected.get("name").getAsString()).get(0);
                assertThat(8 * entry.key().length())
                        .isEqualTo(expected.get("bits").getAsInt());
                assertThat(TdeSet.sha256(entry.key()))
                        .isEqualTo(expected.get("sha256").getAsString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void providers_ofAServer_nameItsKeyRing(TdeSet set) {
        ProviderFile file = ProviderFile.read(ByteBuffer.wrap(set.keyFile("1664_providers")));
        PrincipalKeyHeader header = set.walKeys().header().orElseThrow();

        ProviderFile.Provider provider = file.provider(header.info().provider()).orElseThrow();
        assertThat(provider.options()).isInstanceOf(FileOptions.class);
        assertThat(set.manifest().toString()).contains("keyring.per");
        assertThat(((FileOptions) provider.options()).path()).isNotEmpty();
        assertThat(file.content()).isEqualTo(set.keyFile("1664_providers"));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void content_ofWhatWasRead_isTheSameByteForByte(TdeSet set) {
        assertThat(set.relationKeys().content()).isEqualTo(set.keyFile("5_keys"));
        assertThat(set.walKeys().content()).isEqualTo(set.keyFile("wal_keys"));
        if (!set.keyDirectory().endsWith("2.1.2")) {
            byte[] marker = set.keyFile("keys_version");
            assertThat(KeyFileVersion.Marker.read(ByteBuffer.wrap(marker)).content())
                    .isEqualTo(marker);
        }
    }

    /** With the IVs that the server drew the bytes are the server's, its tags included; only what it left to chance is masked. */
    @ParameterizedTest
    @MethodSource("sets")
    void relationKeyFile_writtenAgainWithTheServersRandomness_isTheServersFile(TdeSet set) {
        byte[] original = set.keyFile("5_keys");
        RelationKeyFile file = set.relationKeys();
        PrincipalKeyHeader header = file.header().orElseThrow();
        EntryLayout layout = EntryLayout.of(header.version());
        RecordedRandom random = new RecordedRandom(1).willDraw(Arrays.copyOfRange(original, 288, 304));
        try (SecretBytes principal = set.principalKey(header)) {
            PrincipalKeyHeader signed = PrincipalKeyHeader.signed(header.version(), header.info(), principal, random);
            List<RelationKey> keys = new ArrayList<>();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.writeBytes(headerWithoutChance(original));
            for (RelationKeyFile.Entry entry : file.entries()) {
                int at = (int) entry.offset();
                keys.add(new RelationKey(entry.tablespace(), entry.relation(), file.unwrap(entry, principal)));
                random.willDraw(Arrays.copyOfRange(original, at + layout.entryIv(), at + layout.entryIv() + 16));
                expected.writeBytes(entryWithoutChance(original, at, layout, entry.cipher()));
            }

            RelationKeyFile written = RelationKeyFile.of(signed, keys, principal, random);

            assertThat(written.content()).isEqualTo(expected.toByteArray());
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void walKeyFile_writtenAgainWithTheServersRandomness_isTheServersFile(TdeSet set) {
        byte[] original = set.keyFile("wal_keys");
        WalKeyFile file = set.walKeys();
        PrincipalKeyHeader header = file.header().orElseThrow();
        EntryLayout layout = EntryLayout.of(header.version());
        RecordedRandom random = new RecordedRandom(1).willDraw(Arrays.copyOfRange(original, 288, 304));
        try (SecretBytes principal = set.principalKey(header)) {
            WalKeyFile written =
                    WalKeyFile.of(PrincipalKeyHeader.signed(header.version(), header.info(), principal, random));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.writeBytes(headerWithoutChance(original));
            for (WalKeyFile.Entry entry : file.entries()) {
                int at = (int) entry.offset();
                random.willDraw(Arrays.copyOfRange(original, at + layout.entryIv(), at + layout.entryIv() + 16));
                written = written.append(
                        entry.kind(), entry.start().orElse(null), file.unwrap(entry, principal), principal, random);
                expected.writeBytes(entryWithoutChance(original, at, layout, entry.cipher()));
            }

            assertThat(written.content()).isEqualTo(expected.toByteArray());
        }
    }

    private static byte[] headerWithoutChance(byte[] file) {
        byte[] header = Arrays.copyOf(file, PrincipalKeyHeader.BYTES);
        Arrays.fill(header, 4, 8, (byte) 0);
        return header;
    }

    private static byte[] entryWithoutChance(byte[] file, int at, EntryLayout layout, InternalKey.Cipher cipher) {
        byte[] entry = Arrays.copyOfRange(file, at, at + layout.bytes());
        if (layout.knowsAes256()) {
            Arrays.fill(entry, layout.wrappedKey() + cipher.keyBytes(), layout.bytes(), (byte) 0);
        }
        return entry;
    }

    @Test
    void migration_by22_keptKeysAndBaseIvs() {
        List<String> before = keys(TdeSet.all().get(2));
        List<String> after = keys(TdeSet.all().get(3));

        assertThat(before).hasSize(7).isEqualTo(after);
        assertThat(TdeSet.all().get(2).walKeys().header().orElseThrow().version())
                .isEqualTo(KeyFileVersion.WEK_1);
        assertThat(TdeSet.all().get(3).walKeys().header().orElseThrow().version())
                .isEqualTo(KeyFileVersion.WEK_2);
    }

    private static List<String> keys(TdeSet set) {
        List<String> keys = new ArrayList<>();
        RelationKeyFile relations = set.relationKeys();
        WalKeyFile wal = set.walKeys();
        try (SecretBytes database = set.principalKey(relations.header().orElseThrow());
                SecretBytes server = set.principalKey(wal.header().orElseThrow())) {
            relations.entries().forEach(entry -> keys.add(described(relations.unwrap(entry, database))));
            wal.entries().forEach(entry -> keys.add(described(wal.unwrap(entry, server))));
        }
        return keys;
    }

    private static String described(InternalKey key) {
        return key + TdeSet.sha256(key.key());
    }

    @ParameterizedTest
    @MethodSource("sets")
    void everyOtherKeyOfTheRing_isRefusedAsAnotherKey(TdeSet set) {
        RelationKeyFile relations = set.relationKeys();
        WalKeyFile wal = set.walKeys();
        int refused = 0;
        try (KeyRing ring = set.keyRing()) {
            for (KeyRingEntry other : ring.entries()) {
                if (!other.name().equals(relations.header().orElseThrow().info().name())) {
                    assertThatThrownBy(
                                    () -> relations.unwrap(relations.entries().get(0), other.key()))
                            .isInstanceOf(KeyMismatch.class);
                    refused++;
                }
                if (!other.name().equals(wal.header().orElseThrow().info().name())) {
                    assertThatThrownBy(() -> wal.unwrap(wal.entries().get(0), other.key()))
                            .isInstanceOf(KeyMismatch.class)
                            .hasMessageContaining(
                                    wal.header().orElseThrow().info().name());
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
    }
}
