package io.tidemark.pipeline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.sinks.ObjectName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNamesTest {
    private static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7710995161739907408");
    private static final WalSegmentName SEGMENT = WalSegmentName.parse("00000001000000000000000C");
    private static final BackupLabel LABEL = new BackupLabel("20261122T150000Z-0a1b2c");
    private static final String DIGEST = "3364ee031880bac0";
    private static final String WAL = "7710995161739907408/wal/00000001/0000000100000000/";

    @Test
    void factories_eachRowOfTheTable_spellItAsTheFormatSays() {
        Node node = new Node("db-1-aabbcc");
        CaptureName capture = new CaptureName("20261122T150000Z-0a1b2c");
        TimelineId timeline = TimelineId.of(0x1F);

        assertThat(ObjectNames.MARKER).hasToString("tidemark.json");
        assertThat(ObjectNames.generation(7).value()).isEqualTo("keys/00000007.json");
        assertThat(ObjectNames.segment(SYSTEM, SEGMENT).value()).isEqualTo(WAL + SEGMENT);
        assertThat(ObjectNames.partial(SYSTEM, SEGMENT, DIGEST).value())
                .isEqualTo(WAL + SEGMENT + ".partial." + DIGEST);
        assertThat(ObjectNames.asFound(SYSTEM, SEGMENT, node, DIGEST).value())
                .isEqualTo(WAL + SEGMENT + ".tde.db-1-aabbcc." + DIGEST);
        assertThat(ObjectNames.backupHistory(SYSTEM, SEGMENT, 0x28).value())
                .isEqualTo(WAL + SEGMENT + ".00000028.backup");
        assertThat(ObjectNames.history(SYSTEM, timeline).value()).isEqualTo("7710995161739907408/wal/0000001F.history");
        assertThat(ObjectNames.again(ObjectNames.history(SYSTEM, timeline), DIGEST)
                        .value())
                .isEqualTo("7710995161739907408/wal/0000001F.history.again." + DIGEST);
        assertThat(ObjectNames.rival(SYSTEM, TimelineId.FIRST, SEGMENT + ".partial", DIGEST)
                        .value())
                .isEqualTo("7710995161739907408/rival/00000001/" + SEGMENT + ".partial." + DIGEST);
        assertThat(ObjectNames.streamPiece(SYSTEM, timeline, Lsn.parse("16/B374D848"), Lsn.parse("17/0"))
                        .value())
                .isEqualTo("7710995161739907408/stream/0000001F/00000016b374d848-0000001700000000");
        assertThat(ObjectNames.capture(SYSTEM, node, capture).value())
                .isEqualTo("7710995161739907408/tde/db-1-aabbcc/20261122T150000Z-0a1b2c");
        assertThat(ObjectNames.captureKeys(SYSTEM, node, capture).value())
                .isEqualTo("7710995161739907408/tde-keys/db-1-aabbcc/20261122T150000Z-0a1b2c");
        assertThat(ObjectNames.intent(SYSTEM, LABEL, 3).value())
                .isEqualTo("7710995161739907408/backup/20261122T150000Z-0a1b2c/intent/00000003");
        assertThat(ObjectNames.pack(SYSTEM, LABEL, 1234).value())
                .isEqualTo("7710995161739907408/backup/20261122T150000Z-0a1b2c/pack/34/00001234");
        assertThat(ObjectNames.manifest(SYSTEM, LABEL).value())
                .isEqualTo("7710995161739907408/backup/20261122T150000Z-0a1b2c/manifest");
        assertThat(ObjectNames.tombstone(SYSTEM, LABEL).value())
                .isEqualTo("7710995161739907408/tombstone/20261122T150000Z-0a1b2c");
        assertThat(ObjectNames.tombstoneDecision(SYSTEM, LABEL).value())
                .isEqualTo("7710995161739907408/tombstone/20261122T150000Z-0a1b2c.decision");
        assertThat(ObjectNames.index("wal/00000001").value()).isEqualTo("index/wal/00000001");
    }

    @Test
    void parse_anyNameThatAFactoryMakes_givesItBack() {
        long seed = 20261127;
        Random random = new Random(seed);
        int rounds = 200 * Integer.getInteger("tidemark.effort", 1);
        for (int i = 0; i < rounds; i++) {
            for (Function<Random, CatalogName> kind : KINDS) {
                CatalogName name = kind.apply(random);
                assertThat(ObjectNames.parse(name.objectName()))
                        .as("seed %d, round %d, %s", seed, i, name)
                        .contains(name);
            }
        }
    }

    @Test
    void parse_oneByteOfANameChanged_neverGivesTheSameMeaning() {
        long seed = 11;
        Random random = new Random(seed);
        for (Function<Random, CatalogName> kind : KINDS) {
            CatalogName name = kind.apply(random);
            String text = name.objectName().value();
            for (int at = 0; at < text.length(); at++) {
                String changed = text.substring(0, at) + (text.charAt(at) == '0' ? 'G' : '0') + text.substring(at + 1);
                assertThat(ObjectNames.parse(ObjectName.of(changed)))
                        .as("seed %d: %s", seed, changed)
                        .isNotEqualTo(Optional.of(name));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tidemark.json.again.3364ee031880bac0",
                "keys/1.json",
                "keys/00000000.json",
                "keys/00000001.json.again.3364ee031880bac0",
                "keys/00000001.JSON",
                "keys/x/00000001.json",
                "0/wal/00000001.history",
                "07710995161739907408/wal/00000001.history",
                "18446744073709551616/wal/00000001.history",
                "7710995161739907408/wal/00000000.history",
                "7710995161739907408/wal/0000001f.history",
                "7710995161739907408/wal/00000002/0000000100000000/00000001000000000000000C",
                "7710995161739907408/wal/00000001/0000000100000001/00000001000000000000000C",
                "7710995161739907408/wal/00000001/00000001000000000000000C",
                "7710995161739907408/wal/00000001/0000000100000000/00000001000000000000000C.partial",
                "7710995161739907408/wal/00000001/0000000100000000/00000001000000000000000C.partial.3364EE031880BAC0",
                "7710995161739907408/wal/00000001/0000000100000000/00000001000000000000000C.28.backup",
                "7710995161739907408/rival/00000002/00000001000000000000000C.3364ee031880bac0",
                "7710995161739907408/rival/00000001/evil.3364ee031880bac0",
                "7710995161739907408/stream/00000001/0000001700000000-00000016b374d848",
                "7710995161739907408/backup/20261122T150000Z-0a1b2c",
                "7710995161739907408/backup/20261322T150000Z-0a1b2c/manifest",
                "7710995161739907408/backup/20261122T150000Z-0a1b2c/manifest.again.3364ee031880bac0",
                "7710995161739907408/backup/20261122T150000Z-0a1b2c/pack/35/00001234",
                "7710995161739907408/backup/20261122T150000Z-0a1b2c/pack/00001234",
                "7710995161739907408/backup/20261122T150000Z-0a1b2c/intent/3",
                "7710995161739907408/tombstone/20261122T150000Z-0a1b2c.decisions",
                "7710995161739907408/other/20261122T150000Z-0a1b2c",
                "index",
                "lost"
            })
    void parse_nameOfAnotherSpelling_isNobodys(String name) {
        assertThat(ObjectNames.parse(ObjectName.of(name))).isEmpty();
    }

    @Test
    void again_ofAManifest_isRefusedBecauseOneNameDecides() {
        ObjectName manifest = ObjectNames.manifest(SYSTEM, LABEL);

        assertThatThrownBy(() -> ObjectNames.again(manifest, DIGEST)).hasMessageContaining("no .again. object of");
    }

    @Test
    void label_fromAClock_carriesTheSecondAndSixDigits() {
        BackupLabel label = BackupLabel.of(Instant.parse("2026-11-22T15:00:00.9Z"), 0xFF0A1B2C);

        assertThat(label).isEqualTo(LABEL);
        assertThat(label.time()).isEqualTo(Instant.parse("2026-11-22T15:00:00Z"));
    }

    private static final List<Function<Random, CatalogName>> KINDS = List.of(
            r -> new CatalogName.Marker(),
            r -> new CatalogName.KeysetGeneration(1 + r.nextInt(99_999_999)),
            r -> new CatalogName.Segment(system(r), segment(r)),
            r -> new CatalogName.Partial(system(r), segment(r), digest(r)),
            r -> new CatalogName.AsFound(system(r), segment(r), node(r), digest(r)),
            r -> new CatalogName.BackupHistory(system(r), segment(r), r.nextInt()),
            r -> new CatalogName.History(system(r), timeline(r)),
            r -> new CatalogName.Again(new CatalogName.Segment(system(r), segment(r)), digest(r)),
            r -> new CatalogName.Again(new CatalogName.Partial(system(r), segment(r), digest(r)), digest(r)),
            r -> new CatalogName.Again(rival(r), digest(r)),
            ObjectNamesTest::rival,
            r -> new CatalogName.StreamPiece(
                    system(r), timeline(r), new Lsn(r.nextLong() >>> 1), new Lsn(r.nextLong() | Long.MIN_VALUE)),
            r -> new CatalogName.Capture(system(r), node(r), new CaptureName(stamp(r))),
            r -> new CatalogName.CaptureKeys(system(r), node(r), new CaptureName(stamp(r))),
            r -> new CatalogName.Intent(system(r), new BackupLabel(stamp(r)), r.nextInt(100_000_000)),
            r -> new CatalogName.Pack(system(r), new BackupLabel(stamp(r)), r.nextInt(100_000_000)),
            r -> new CatalogName.Manifest(system(r), new BackupLabel(stamp(r))),
            r -> new CatalogName.Tombstone(system(r), new BackupLabel(stamp(r))),
            r -> new CatalogName.TombstoneDecision(system(r), new BackupLabel(stamp(r))),
            r -> new CatalogName.Index("segments/" + digest(r)));

    private static CatalogName rival(Random r) {
        WalSegmentName segment = segment(r);
        String file = switch (r.nextInt(4)) {
            case 0 -> segment.toString();
            case 1 -> segment + ".partial";
            case 2 -> segment + String.format(Locale.ROOT, ".%08X.backup", r.nextInt());
            default -> segment.timeline() + ".history";
        };
        return new CatalogName.Rival(system(r), segment.timeline(), file, digest(r));
    }

    private static SystemIdentifier system(Random r) {
        return new SystemIdentifier(r.nextLong() | 1);
    }

    private static TimelineId timeline(Random r) {
        return new TimelineId(r.nextInt() | 1);
    }

    private static WalSegmentName segment(Random r) {
        return new WalSegmentName(timeline(r), r.nextInt(), r.nextInt(256));
    }

    private static String digest(Random r) {
        return String.format(Locale.ROOT, "%016x", r.nextLong());
    }

    private static Node node(Random r) {
        return new Node("n" + digest(r) + "-" + r.nextInt(10));
    }

    private static String stamp(Random r) {
        return BackupLabel.of(Instant.ofEpochSecond(r.nextInt(2_000_000_000)), r.nextInt())
                .value();
    }
}
