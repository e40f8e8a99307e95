package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WalReaderTest {
    private static final int MIB = 1 << 20;
    private static final long SEED = 20261128;
    private static final int NOOP = 0x20;

    @Test
    void realSegments_areReadAsPgWaldumpReadsThem() {
        ReadWal read = ReadWal.of(
                WalFixtures.BASIC.get(0),
                WalFixtures.BASIC.stream().map(WalFixtures::basic).toArray(byte[][]::new));
        List<WaldumpLine> lines = WalFixtures.BASIC.stream()
                .flatMap(segment -> WalFixtures.basicDump(segment).stream())
                .map(WaldumpLine::parse)
                .toList();

        assertThat(read.end()).hasToString("the input ends at 0/E00000");
        assertThat(read.end().recordsEnd()).isEqualTo(Lsn.parse("0/E00000"));
        assertThat(read.records()).hasSameSizeAs(lines).hasSizeGreaterThan(1000);
        for (int i = 0; i < lines.size(); i++) {
            WaldumpLine line = lines.get(i);
            assertThat(WaldumpLine.of(read.records().get(i), line.description()))
                    .isEqualTo(line);
        }
        assertThat(read.records()).allSatisfy(record -> {
            assertThat(record.postgresMajor()).isEqualTo(17);
            assertThat(record.start().timeline()).isEqualTo(TimelineId.FIRST);
        });
    }

    @Test
    void everyRecord_endsWhereTheNextBeginsButForPageHeaders() {
        List<WalRecord> records = ReadWal.of(
                        WalFixtures.CLUSTER.get(0),
                        WalFixtures.cluster(WalFixtures.CLUSTER.get(0)),
                        WalFixtures.cluster(WalFixtures.CLUSTER.get(1)))
                .records();

        assertThat(records).hasSizeGreaterThan(100);
        for (int i = 1; i < records.size(); i++) {
            WalRecord before = records.get(i - 1);
            WalRecord record = records.get(i);
            assertThat(record.previous()).isEqualTo(before.start().lsn());
            assertThat(record.start().lsn().distanceFrom(before.end())).isIn(0L, 24L, 40L);
        }
    }

    @Test
    void segments_fedAtAnySplits_giveTheSameRecords() {
        String first = WalFixtures.BASIC.get(3);
        byte[] segment = WalFixtures.basic(first);
        ReadWal whole = ReadWal.of(first, segment);
        Random random = new Random(SEED);

        for (int longest : new int[] {1, 2, 7, 100, 9000, 100_000}) {
            ReadWal pieces = ReadWal.inPieces(first, segment, random, longest);

            assertThat(pieces)
                    .as("pieces of up to %d bytes, seed %d", longest, SEED)
                    .isEqualTo(whole);
        }
    }

    @Test
    void madeWal_ofEveryVersionBlockSizeAndSegmentSize_isReadWhole() {
        Random random = new Random(SEED);
        for (int major = 15; major <= 18; major++) {
            for (int block = 1 << 10; block <= 1 << 16; block *= 2) {
                int segment = MIB << random.nextInt(3);
                MadeWal made = MadeWal.of(segment, block, major);
                while (made.bytes().length < segment + MIB / 4) {
                    made.record(0, NOOP, bytes(random, random.nextInt(random.nextInt(8) == 0 ? 90_000 : 300)));
                }

                ReadWal read = ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, made.bytes());

                assertThat(read.starts()).isEqualTo(made.records());
                assertThat(read.last().postgresMajor()).isEqualTo(major);
                assertThat(read.end().kind()).isEqualTo(WalEnd.Kind.INPUT);
            }
        }
    }

    @Test
    void largestSegments_areLeftAtTheirSwitchRecord() {
        MadeWal made = MadeWal.of(1 << 30, 8192, 17);
        made.record(0, NOOP, new byte[5]);
        Lsn switched = made.parts(0, 0x40, 0, new byte[0]);
        List<WalRecord> records = new ArrayList<>();
        WalReader reader = new WalReader(
                WalSegmentName.parse("000000010000000000000001"), TimelineHistory.none(TimelineId.FIRST), records::add);

        reader.feed(ByteBuffer.wrap(made.bytes()));
        for (long at = made.bytes().length; at < 1 << 30; ) {
            int length = (int) Math.min((1 << 30) - at, MIB);
            reader.feed(ByteBuffer.allocate(length));
            at += length;
        }
        reader.feed(ByteBuffer.allocate(40));

        assertThat(records.get(1).start().lsn()).isEqualTo(switched);
        assertThat(records.get(1).end()).isEqualTo(Lsn.parse("0/80000000"));
        assertThat(reader.finish()).hasToString("no page at 0/80000000: zeros");
    }

    @Test
    void recordThatBeganBeforeTheFirstSegment_isPassedOver() {
        MadeWal made = MadeWal.ofDefaults();
        made.record(0, NOOP, new byte[MIB + 50_000]);
        Lsn next = made.record(1, 0, new byte[8]);
        byte[] second = Arrays.copyOfRange(made.bytes(), MIB, made.bytes().length);

        ReadWal read = ReadWal.of("000000010000000000000002", second);

        assertThat(read.starts()).containsExactly(next);
        assertThat(read.last().previous()).isEqualTo(made.records().get(0));
    }

    @Test
    void recordLongerThanASegment_isPutTogether() {
        MadeWal made = MadeWal.ofDefaults();
        byte[] content = bytes(new Random(SEED), 3 * MIB + 17);
        made.record(0, NOOP, content);
        made.record(0, NOOP, new byte[1]);

        ReadWal read =
                ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, TimelineHistory.none(TimelineId.FIRST), 4 * MIB, made.bytes());

        assertThat(read.starts()).isEqualTo(made.records());
        assertThat(read.records().get(0).isMainDataWhole()).isTrue();
        assertThat(read.records().get(0).mainData()).isEqualTo(ByteBuffer.wrap(content));
    }

    @Test
    void mainDataLongerThanTheLimit_areHeldUpToIt() {
        MadeWal made = MadeWal.ofDefaults();
        byte[] content = bytes(new Random(SEED), 3 * MIB);
        made.record(0, NOOP, content);
        for (int limit : new int[] {0, 1, 4095, 4097, MIB}) {
            ReadWal read = ReadWal.of(
                    ReadWal.SECOND_OF_A_MEBIBYTE, TimelineHistory.none(TimelineId.FIRST), limit, made.bytes());

            assertThat(read.last().isMainDataWhole()).isFalse();
            assertThat(read.last().mainDataLength()).isEqualTo(3 * MIB);
            assertThat(read.last().mainData()).isEqualTo(ByteBuffer.wrap(content, 0, limit));
        }
    }

    @Test
    void lengthOfAGigabyte_takesNoMemoryThatItsBytesDoNot() {
        MadeWal made = MadeWal.ofDefaults();
        made.record(0, NOOP, new byte[300]);
        byte[] wal = made.bytes();
        ByteBuffer record = ByteBuffer.wrap(wal).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(40, 1020 << 20).putInt(40 + 25, (1020 << 20) - 29);
        List<WalReader> readers = new ArrayList<>();

        // each of them would need a gigabyte
        for (int i = 0; i < 100; i++) {
            WalReader reader = new WalReader(
                    WalSegmentName.parse(ReadWal.SECOND_OF_A_MEBIBYTE),
                    TimelineHistory.none(TimelineId.FIRST),
                    Integer.MAX_VALUE,
                    found -> {});
            reader.feed(ByteBuffer.wrap(wal));
            readers.add(reader);
        }

        assertThat(readers)
                .allSatisfy(reader ->
                        assertThat(reader.finish()).hasToString("record at 0/100028: the input ends within it"));
    }

    @Test
    void recordGivenUpAfterACrash_isForgotten() {
        MadeWal made = MadeWal.ofDefaults();
        Lsn before = made.record(0, NOOP, new byte[3]);
        Lsn abandoned = made.abandoned(20_000);
        Lsn overwriting = made.record(
                0,
                0xd0,
                MadeWal.little(16).putLong(abandoned.value()).putLong(0).array());

        ReadWal read = ReadWal.of(made);

        assertThat(read.starts()).containsExactly(before, overwriting);
        assertThat(read.last().previous()).isEqualTo(before);
        assertThat(read.end().kind()).isEqualTo(WalEnd.Kind.INPUT);
    }

    @Test
    void recordGivenUpAtTheEndOfItsSegment_isForgottenFromEitherSide() {
        MadeWal made = MadeWal.ofDefaults();
        Lsn before = made.record(0, NOOP, new byte[MIB - 40 - 127 * 24 - 29 - 104]);
        made.abandoned(20_000);
        assertThat(made.position()).isEqualTo(Lsn.parse("0/200028"));
        Lsn after = made.record(0, NOOP, new byte[3]);

        assertThat(ReadWal.of(made).starts()).containsExactly(before, after);
        byte[] second = Arrays.copyOfRange(made.bytes(), MIB, made.bytes().length);
        assertThat(ReadWal.of("000000010000000000000002", second).starts()).containsExactly(after);
    }

    @Test
    void switchRecord_isFollowedByTheNextSegment() {
        MadeWal made = MadeWal.ofDefaults();
        made.record(0, NOOP, new byte[100]);
        Lsn switched = made.switched();
        made.record(0, NOOP, new byte[100]);

        ReadWal read = ReadWal.of(made);

        assertThat(read.starts()).isEqualTo(made.records());
        assertThat(read.records().get(1).start().lsn()).isEqualTo(switched);
        assertThat(read.records().get(1).end()).isEqualTo(Lsn.parse("0/200000"));
    }

    @Test
    void switchRecordThatEndsWithItsSegment_isNotFollowedByAnEmptyOne() {
        MadeWal made = MadeWal.ofDefaults();
        // 40 of the segment's header, 24 of each other page's, 24 and 5 of this record, 24 of the switch
        made.record(0, NOOP, new byte[MIB - 40 - 127 * 24 - 29 - 24]);
        made.switched();
        assertThat(made.position()).isEqualTo(Lsn.parse("0/200000"));
        made.record(0, NOOP, new byte[1]);

        assertThat(ReadWal.of(made).starts()).isEqualTo(made.records());
        assertThat(ReadWal.of(made).records().get(1).end()).isEqualTo(Lsn.parse("0/200000"));
    }

    @Test
    void everyKindOfEnd_saysWhereAndWhy() {
        MadeWal made = MadeWal.ofDefaults();
        Lsn first = made.record(0, NOOP, new byte[100]);
        Lsn second = made.record(0, NOOP, new byte[20_000]);
        made.record(0, NOOP, new byte[100]);
        byte[] wal = made.bytes();
        int header = made.at(second);

        ends(wal, header + 30, 1, WalEnd.Kind.RECORD_CRC, "record at " + second + ": CRC-32C differs");
        ends(wal, header + 20, 1, WalEnd.Kind.RECORD_CRC, "record at " + second + ": CRC-32C differs");
        ends(wal, header + 8, 8, WalEnd.Kind.RECORD_HEADER, "but that is at " + first);
        ends(wal, header + 17, 0x40, WalEnd.Kind.RECORD_HEADER, "no resource manager has number 64");
        ends(wal, header + 3, 0x7f, WalEnd.Kind.RECORD_HEADER, "bytes cannot be");
        ends(wal, 8192, 1, WalEnd.Kind.PAGE_HEADER, "page header at 0/102000: has magic 0xd117");
        ends(wal, 8194, 0x10, WalEnd.Kind.PAGE_HEADER, "has unknown flags 0x11");
        ends(wal, 8194, 0x2, WalEnd.Kind.PAGE_HEADER, "has a long header");
        ends(wal, 8194, 0x1, WalEnd.Kind.PAGE_HEADER, "continues no record, but the one at " + second + " lacks ");
        ends(wal, 8196, 2, WalEnd.Kind.PAGE_HEADER, "a page of timeline 3 stands there, after one of 1");
        ends(wal, 8196, 1, WalEnd.Kind.PAGE_HEADER, "a page of timeline 0 stands there, after one of 1");
        ends(wal, 8202, 0x20, WalEnd.Kind.PAGE_HEADER, "says that it is that of 0/302000");
        ends(wal, 8208, 1, WalEnd.Kind.PAGE_HEADER, "continues a record with ");
        ends(wal, 0, 0x80, WalEnd.Kind.NOT_SUPPORTED, "magic 0xd196, which none of PostgreSQL 15 to 18 writes");
        ends(wal, 1, 0x80, WalEnd.Kind.PAGE_HEADER, "magic 0x5116, which is no WAL");
        ends(wal, 2, 0x2, WalEnd.Kind.PAGE_HEADER, "first page has no long header");
        ends(wal, 34, 0x20, WalEnd.Kind.PAGE_HEADER, "says that a segment has 3145728 bytes");
        ends(wal, 37, 0x01, WalEnd.Kind.NOT_SUPPORTED, "says that a WAL block has 8448 bytes");
        ends(wal, 10, 0x20, WalEnd.Kind.PAGE_HEADER, "page header at 0/100000: says that it is that of 0/300000");
    }

    @Test
    void endOfWhatWasWritten_isNoDamage() {
        MadeWal made = MadeWal.ofDefaults();
        Lsn at = made.record(0, NOOP, new byte[100]);
        byte[] wal = made.wholeSegments();

        ReadWal read = ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, wal);

        assertThat(read.starts()).containsExactly(at);
        assertThat(read.end().kind()).isEqualTo(WalEnd.Kind.UNWRITTEN);
        assertThat(read.end().at())
                .isEqualTo(read.end().recordsEnd())
                .isEqualTo(read.last().end());
        assertThat(ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, new byte[100]).end())
                .hasToString("no first page: zeros");
        assertThat(ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, new byte[0]).end().kind())
                .isEqualTo(WalEnd.Kind.INPUT);
    }

    @Test
    void segmentOfAnotherClusterBehindTheFirst_isRefused() {
        MadeWal made = MadeWal.ofDefaults();
        made.record(0, NOOP, new byte[10]);
        made.switched();
        made.record(0, NOOP, new byte[10]);
        byte[] system = made.bytes();
        system[MIB + 24] ^= 1;
        byte[] sizes = made.bytes();
        sizes[MIB + 34] ^= 0x30;
        byte[] shortHeader = made.bytes();
        shortHeader[MIB + 2] ^= 0x2;

        assertThat(ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, system).end().why())
                .contains("page header at 0/200000: is of system identifier 7700000000000000000");
        assertThat(ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, sizes).end().why()).contains("another segment size");
        assertThat(ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, shortHeader).end().why())
                .contains("has no long header, though a segment begins there");
    }

    @Test
    void recordsOnTheWayToATimeline_areOfTheOneThatTheHistoryGives() {
        MadeWal made = MadeWal.ofDefaults();
        Lsn old = made.record(0, NOOP, new byte[9000]);
        Lsn left = made.record(0, 0x90, new byte[24]);
        made.timeline(2);
        Lsn later = made.record(0, NOOP, new byte[9000]);
        TimelineHistory history =
                new TimelineHistory(new TimelineId(2), List.of(new TimelineHistory.Ancestor(TimelineId.FIRST, left)));

        ReadWal read = ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, history, MIB, made.bytes());

        assertThat(read.records().stream().map(record -> record.start().toString()))
                .containsExactly("00000001:" + old, "00000002:" + left, "00000002:" + later);
        assertThat(ReadWal.of(made).end().why()).contains("a page of timeline 2 stands there, after one of 1");
    }

    @Test
    void systemIdentifier_isKnownFromTheFirstPageOn() {
        WalReader reader = new WalReader(
                WalSegmentName.parse(ReadWal.SECOND_OF_A_MEBIBYTE),
                TimelineHistory.none(TimelineId.FIRST),
                record -> {});
        MadeWal made = MadeWal.ofDefaults();
        made.record(0, NOOP, new byte[10]);

        reader.feed(ByteBuffer.wrap(made.bytes(), 0, 39));
        assertThat(reader.systemIdentifier()).isZero();
        reader.feed(ByteBuffer.wrap(made.bytes(), 39, 1));
        assertThat(reader.systemIdentifier()).isEqualTo(MadeWal.SYSTEM);
        assertThat(reader.end()).isEmpty();
    }

    @Test
    void bytesBehindTheEnd_areTakenAndForgotten() {
        WalReader reader = new WalReader(
                WalSegmentName.parse(ReadWal.SECOND_OF_A_MEBIBYTE),
                TimelineHistory.none(TimelineId.FIRST),
                record -> {});
        reader.feed(ByteBuffer.allocate(40));
        ByteBuffer more = ByteBuffer.allocate(100);

        reader.feed(more);

        assertThat(more.hasRemaining()).isFalse();
        assertThat(reader.end()).hasValue(reader.finish());
    }

    @Test
    void resourceManagers_haveTheNamesOfPgWaldump() {
        assertThat(List.of(RmgrId.XLOG, RmgrId.XACT, RmgrId.TDE, new RmgrId(21)))
                .extracting(RmgrId::toString)
                .containsExactly("XLOG", "Transaction", "custom140", "LogicalMessage");
        assertThatThrownBy(() -> new RmgrId(22)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RmgrId(256)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void ends(byte[] wal, int at, int flip, WalEnd.Kind kind, String why) {
        byte[] changed = wal.clone();
        changed[at] ^= (byte) flip;

        WalEnd end = ReadWal.of(ReadWal.SECOND_OF_A_MEBIBYTE, changed).end();

        assertThat(end.why()).contains(why);
        assertThat(end.kind()).as(end.why()).isEqualTo(kind);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
