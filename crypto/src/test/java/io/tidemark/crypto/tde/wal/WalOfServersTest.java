package io.tidemark.crypto.tde.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.Seeds;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.crypto.tde.TdeSet;
import io.tidemark.crypto.tde.keys.KeyRing;
import io.tidemark.crypto.tde.keys.KeyRingEntry;
import io.tidemark.crypto.tde.keys.WalKeyFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments that servers wrote, opened to what pg_tde's own tools made of them, and closed again to the same bytes. */
class WalOfServersTest {
    private static final WalSegmentSize MIB = WalSegmentSize.MIN;

    static List<TdeSet> sets() {
        return TdeSet.all();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void segments_ofAServer_openToTheirPlainFormAndCloseAgain(TdeSet set) {
        assertThat(set.names("wal")).isNotEmpty();
        try (WalRangeTable table = table(set)) {
            for (String name : set.names("wal")) {
                byte[] raw = set.file("wal/" + name);
                byte[] plain = set.expected(name);

                assertThat(raw).as(name).isNotEqualTo(plain);
                assertOpensAndCloses(table, location(name), raw, plain);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void segments_inPiecesOfAnySize_openToTheSame(TdeSet set) {
        try (WalRangeTable table = table(set);
                WalCipher cipher = new WalCipher(table, MIB)) {
            for (String name : set.names("wal")) {
                byte[] raw = set.file("wal/" + name);
                byte[] plain = set.expected(name);
                Seeds.each(3, seeded -> {
                    byte[] pieces = raw.clone();
                    for (int done = 0; done < pieces.length; ) {
                        int piece = Math.min(pieces.length - done, 1 + seeded.nextInt(20_000));
                        WalLocation start = location(name);
                        cipher.decrypt(
                                new WalLocation(start.timeline(), start.lsn().plus(done)),
                                ByteBuffer.wrap(pieces, done, piece));
                        done += piece;
                    }
                    assertThat(Arrays.equals(pieces, plain)).as(name).isTrue();
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void table_ofAServer_hasTheRangesOfItsManifest(TdeSet set) {
        try (WalRangeTable table = table(set)) {
            WalRangeTable locked = WalRangeTable.locked(set.walKeys());

            assertThat(table.ranges()).hasSameSizeAs(set.manifest("wal_ranges"));
            assertThat(locked.ranges())
                    .extracting(WalEncryptionRange::start)
                    .containsExactlyElementsOf(table.ranges().stream()
                            .map(WalEncryptionRange::start)
                            .toList());
            assertThat(locked.isOpen()).isFalse();
            assertThat(table.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void table_underAnotherKey_isRefused(TdeSet set) {
        WalKeyFile file = set.walKeys();
        try (KeyRing ring = set.keyRing()) {
            List<KeyRingEntry> others = ring.entries().stream()
                    .filter(entry -> !entry.name()
                            .equals(file.header().orElseThrow().info().name()))
                    .toList();
            assertThat(others)
                    .isNotEmpty()
                    .allSatisfy(other -> assertThatThrownBy(() -> WalRangeTable.open(file, other.key()))
                            .isInstanceOf(KeyMismatch.class));
        }
    }

    /** T65, T66: a file that is cut to its header has no ranges; entries without a start, and those that were made invalid, say nothing. */
    @Test
    void t66_entriesWithoutAStartOrInvalid_sayNothing() {
        TdeSet set = TdeSet.bundled("basic");
        byte[] file = set.keyFile("wal_keys").clone();
        Arrays.fill(file, 320 + 8, 320 + 20, (byte) 0);
        file[320 + 104 + 4] = 0;
        WalKeyFile changed = WalKeyFile.read(ByteBuffer.wrap(file));
        try (SecretBytes principal = set.principalKey(changed.header().orElseThrow());
                WalRangeTable table = WalRangeTable.open(changed, principal)) {
            assertThat(table.ranges()).hasSize(2);
            assertThat(table.ranges().get(0).start()).hasToString("00000001:0/B12000");
        }
        WalKeyFile header = WalKeyFile.read(ByteBuffer.wrap(file, 0, 320));
        assertThat(WalRangeTable.locked(header).ranges()).isEmpty();
    }

    @Test
    void cluster_ofTheFixtures_opensAndCloses() {
        assumeTrue(TdeSet.fixturesArePresent(), TdeSet.ABSENT);
        Path root = TdeSet.fixtures().resolve("cluster");
        TdeSet cluster = new TdeSet(root, "pg_tde-at-end");
        try (WalRangeTable table = table(cluster)) {
            for (String name : List.of("00000001000000000000000F", "000000010000000000000010")) {
                byte[] raw = TdeSet.unpacked(root.resolve("wal-raw").resolve(name + ".zst"));
                byte[] plain = TdeSet.unpacked(root.resolve("wal-plain").resolve(name + ".zst"));

                assertOpensAndCloses(table, location(name), raw, plain);
            }
        }
    }

    private static void assertOpensAndCloses(WalRangeTable table, WalLocation start, byte[] raw, byte[] plain) {
        try (WalCipher cipher = new WalCipher(table, MIB)) {
            byte[] opened = raw.clone();
            cipher.decrypt(start, ByteBuffer.wrap(opened));
            assertThat(Arrays.equals(opened, plain)).as("opened from %s", start).isTrue();

            cipher.encrypt(start, ByteBuffer.wrap(opened));
            assertThat(Arrays.equals(opened, raw)).as("closed from %s", start).isTrue();
        }
    }

    private static WalRangeTable table(TdeSet set) {
        WalKeyFile file = set.walKeys();
        try (SecretBytes principal = set.principalKey(file.header().orElseThrow())) {
            return WalRangeTable.open(file, principal);
        }
    }

    /** {@code <segment>}, {@code <segment>.first128k}, {@code <segment>.at-<byte>}. */
    private static WalLocation location(String name) {
        WalSegmentName segment = WalSegmentName.parse(name.substring(0, 24));
        int at = name.indexOf(".at-");
        return new WalLocation(
                segment.timeline(), segment.start(MIB).plus(at < 0 ? 0 : Long.parseLong(name.substring(at + 4))));
    }
}
