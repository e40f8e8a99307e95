package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.wal.SegmentCheck.Extent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SegmentCheckTest {
    private static final int MIB = 1 << 20;
    private static final long SYSTEM = 7654321;
    private static final String NAME = "000000030000000200000005";
    private static final long SEED = 20261127;

    @Test
    void realSegments_passAndAreDescribed() {
        for (String segment : WalFixtures.BASIC) {
            SegmentReport report = check(segment, WalFixtures.BASIC_SYSTEM, WalFixtures.basic(segment));

            assertThat(report.postgresMajor()).isEqualTo(17);
            assertThat(report.badRecords()).isEmpty();
            assertThat(report.end()).isEqualTo(report.start().plus(MIB));
        }
        for (String segment : WalFixtures.CLUSTER) {
            assertThat(check(segment, WalFixtures.CLUSTER_SYSTEM, WalFixtures.cluster(segment))
                            .badRecords())
                    .isEmpty();
        }
    }

    @Test
    void madeSegments_passWhateverTheirMagicAndSize() {
        for (int magic : new int[] {0xD110, 0xD113, 0xD116, 0xD118}) {
            byte[] segment = made(SEED + magic).magic(magic).full();

            assertThat(check(NAME, SYSTEM, segment).badRecords()).isEmpty();
        }
        byte[] large = MadeSegment.of("000000030000000200000002", 16 * MIB, SYSTEM, SEED)
                .full();

        assertThat(check("000000030000000200000002", SYSTEM, large)
                        .segmentSize()
                        .bytes())
                .isEqualTo(16 * MIB);
    }

    @Test
    void segment_fedAtAnySplits_isTheSame() {
        byte[] segment = made(SEED).continuing(40_000).full();
        Random random = new Random(SEED);
        for (int round = 0; round < 20; round++) {
            SegmentCheck check = newCheck(NAME, Extent.WHOLE, SYSTEM);
            int at = 0;
            while (at < segment.length) {
                int length = Math.min(segment.length - at, 1 + random.nextInt(round < 2 ? 3 : 30_000));
                check.feed(ByteBuffer.wrap(segment, at, length));
                at += length;
            }
            assertThat(check.finish().badRecords()).as("seed " + SEED).isEmpty();
        }
    }

    @Test
    void segmentSwitchedEarly_hasZerosBehindTheSwitchRecordOnly() {
        byte[] switched = made(SEED).switchedAfter(100_000);
        assertThat(check(NAME, SYSTEM, switched).badRecords()).isEmpty();

        byte[] dirty = switched.clone();
        dirty[MIB - 1] = 1;
        refused(dirty, "behind a switch record");
        byte[] dirtyPage = switched.clone();
        int behind = lastNonZero(switched) + 9;
        dirtyPage[behind] = 1;
        refused(dirtyPage, "behind the switch record");
    }

    @Test
    void t13_segmentNotWrittenToItsEnd_isRefused() {
        refused(made(SEED).unfinishedAfter(100_000), "is not complete");
        byte[] zeroPages = made(SEED).full();
        Arrays.fill(zeroPages, 50 * 8192, MIB, (byte) 0);
        refused(zeroPages, "is not complete");
        refused(new byte[MIB], "no WAL");
    }

    @Test
    void t13_fileOfAnotherLength_isRefused() {
        byte[] full = made(SEED).full();

        refused(Arrays.copyOf(full, MIB - 8192), "bytes");
        refused(Arrays.copyOf(full, MIB - 1), "bytes");
        refused(Arrays.copyOf(full, MIB + 8192), "goes on behind");
        refused(Arrays.copyOf(full, MIB + 1), "bytes");
        refused(Arrays.copyOf(full, 100), "not even one page");
        refused(new byte[0], "not even one page");
    }

    @Test
    void flippedByteOfAnyPageHeader_isRefused() {
        byte[] full = made(SEED).continuing(100_000).full();
        for (int page : new int[] {0, 1, 5, 127}) {
            for (int at = 0; at < (page == 0 ? 40 : 20); at++) {
                byte[] flipped = full.clone();
                flipped[page * 8192 + at] ^= 0x10;
                if (page == 0 && at >= 16 && at < 24) {
                    continue; // what a record of the segment before still needs cannot be known here
                }
                assertThatThrownBy(() -> check(NAME, SYSTEM, flipped))
                        .as("page " + page + " byte " + at)
                        .isInstanceOfAny(IntegrityFailed.class, NotInThisVersion.class);
            }
        }
    }

    @Test
    void segmentOfAnotherCluster_isRefusedByItsSystemIdentifier() {
        assertThatThrownBy(() -> check(NAME, SYSTEM + 1, made(SEED).full()))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("7654321")
                .hasMessageContaining("7654322");
    }

    @Test
    void segmentUnderAnotherName_isRefused() {
        assertThatThrownBy(() ->
                        check("000000030000000200000006", SYSTEM, made(SEED).full()))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("2/500000");
        assertThatThrownBy(() ->
                        check("000000020000000200000005", SYSTEM, made(SEED).full()))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("timeline 3");
    }

    @Test
    void pageOfALowerTimeline_passesOnlyBeforeTheSwitchThatTheHistoryGives() {
        Lsn left = Lsn.parse("2/540000");
        byte[] segment = made(SEED).afterTimeline(1, left).full();
        TimelineHistory known =
                new TimelineHistory(new TimelineId(3), List.of(new TimelineHistory.Ancestor(new TimelineId(1), left)));
        TimelineHistory earlier = new TimelineHistory(
                new TimelineId(3), List.of(new TimelineHistory.Ancestor(new TimelineId(1), Lsn.parse("2/530000"))));

        SegmentCheck check = new SegmentCheck(WalFixtures.name(NAME), Extent.WHOLE, SYSTEM, known);
        check.feed(ByteBuffer.wrap(segment));
        assertThat(check.finish().badRecords()).isEmpty();
        assertThatThrownBy(() -> check(NAME, SYSTEM, segment)).hasMessageContaining("no ancestor");
        SegmentCheck late = new SegmentCheck(WalFixtures.name(NAME), Extent.WHOLE, SYSTEM, earlier);
        assertThatThrownBy(() -> late.feed(ByteBuffer.wrap(segment))).hasMessageContaining("was left at 2/530000");
    }

    @Test
    void timelineThatFallsWithinTheSegment_isRefused() {
        byte[] segment = made(SEED).full();
        segment[40 * 8192 + 4] = 2;

        refused(segment, "after one of 3");
    }

    @Test
    void recordWithAWrongCrc_isReportedAndArchivedAllTheSame() {
        byte[] content = made(SEED).full();
        content[64] ^= 1;
        assertThat(check(NAME, SYSTEM, content).badRecords()).containsExactly(Lsn.parse("2/500028"));
    }

    @Test
    void recordGivenUpAfterACrash_isOverwritten() {
        byte[] segment = made(SEED).full();
        int page = firstContinuedPage(segment);
        segment[page * 8192 + 2] = 0x8;
        Arrays.fill(segment, page * 8192 + 16, page * 8192 + 20, (byte) 0);
        SegmentCheck check = newCheck(NAME, Extent.PARTIAL, SYSTEM);

        check.feed(ByteBuffer.wrap(segment));

        assertThat(check.finish()).isNotNull();
    }

    @Test
    void partialSegment_mayHoldAnythingBehindItsLastOwnPage() {
        byte[] zeros = made(SEED).unfinishedAfter(300_000);
        byte[] recycled = zeros.clone();
        byte[] old = MadeSegment.of("000000030000000200000001", MIB, SYSTEM, SEED + 1)
                .full();
        System.arraycopy(old, 400_000 / 8192 * 8192, recycled, 400_000 / 8192 * 8192, MIB - 400_000 / 8192 * 8192);

        for (byte[] partial :
                List.of(zeros, recycled, made(SEED).full(), made(SEED).switchedAfter(9000))) {
            SegmentCheck check = newCheck(NAME, Extent.PARTIAL, SYSTEM);
            check.feed(ByteBuffer.wrap(partial));
            assertThat(check.finish().segmentSize().bytes()).isEqualTo(MIB);
        }
    }

    @Test
    void partialSegment_needsItsFirstPage() {
        SegmentCheck check = newCheck(NAME, Extent.PARTIAL, SYSTEM);

        assertThatThrownBy(() -> check.feed(ByteBuffer.wrap(new byte[MIB]))).isInstanceOf(IntegrityFailed.class);
    }

    @Test
    void segmentOfAnUnknownServer_isNamedAsSuch() {
        assertThatThrownBy(() -> check(NAME, SYSTEM, made(SEED).magic(0xD10D).full()))
                .isInstanceOf(NotInThisVersion.class)
                .hasMessageContaining("0xd10d");
    }

    @Test
    void randomBytes_neverPassAndNeverBreakTheCheck() {
        Random random = new Random(SEED);
        byte[] full = made(SEED).full();
        for (int round = 0; round < 200; round++) {
            byte[] hostile = full.clone();
            int at = random.nextInt(MIB - 64);
            for (int i = 0; i < 64; i++) {
                hostile[at + i] = (byte) random.nextInt();
            }
            try {
                check(NAME, SYSTEM, hostile);
            } catch (IntegrityFailed | NotInThisVersion refused) {
                assertThat(refused.getMessage()).contains(NAME);
            }
        }
    }

    private static MadeSegment made(long seed) {
        return MadeSegment.of(NAME, MIB, SYSTEM, seed);
    }

    private static int lastNonZero(byte[] bytes) {
        int at = bytes.length - 1;
        while (bytes[at] == 0) {
            at--;
        }
        return at;
    }

    private static int firstContinuedPage(byte[] segment) {
        for (int page = 1; page < segment.length / 8192; page++) {
            if (segment[page * 8192 + 2] == 1) {
                return page;
            }
        }
        throw new IllegalStateException("no record crosses a page");
    }

    private static void refused(byte[] bytes, String why) {
        assertThatThrownBy(() -> check(NAME, SYSTEM, bytes))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(why)
                .hasMessageContaining(NAME);
    }

    private static SegmentCheck newCheck(String segment, Extent extent, long system) {
        return new SegmentCheck(
                WalFixtures.name(segment),
                extent,
                system,
                TimelineHistory.none(WalFixtures.name(segment).timeline()));
    }

    private static SegmentReport check(String segment, long system, byte[] bytes) {
        SegmentCheck check = newCheck(segment, Extent.WHOLE, system);
        check.feed(ByteBuffer.wrap(bytes));
        return check.finish();
    }
}
