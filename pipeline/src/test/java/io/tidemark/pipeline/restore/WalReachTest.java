package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.pipeline.wal.TimelineHistory;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

final class WalReachTest {
    private static final String FORK = "1\t0/5000100\tno recovery target specified\n";

    @Test
    void reach_withoutGap_goesToTheLastSegment() {
        WalReach reach = new Wal().has(1, 2, 9).reach(1, "0/3000028");

        assertThat(reach.first()).isEqualTo(Wal.segment(1, 3));
        assertThat(reach.through()).isEqualTo(Wal.segment(1, 9));
        assertThat(reach.segments()).isEqualTo(7);
        assertThat(reach.storedBytes()).isEqualTo(700);
        assertThat(reach.gaps()).isEmpty();
        assertThat(reach.end(Wal.SIZE)).isEqualTo(Lsn.parse("0/A000000"));
    }

    @Test
    void reach_acrossTheMiddleDigits_isStillInARow() {
        WalReach reach = new Wal().has(1, 254, 258).reach(1, "0/FE000028");

        assertThat(reach.through()).isEqualTo(Wal.segment(1, 258));
        assertThat(reach.segments()).isEqualTo(5);
    }

    @Test
    void reach_withoutAnySegment_endsWhereItBegins() {
        WalReach reach = new Wal().has(1, 1, 2).reach(1, "0/3000028");

        assertThat(reach.through()).isNull();
        assertThat(reach.gaps()).isEmpty();
        assertThat(reach.end(Wal.SIZE)).isEqualTo(Lsn.parse("0/3000000"));
    }

    @Test
    void reach_beforeGaps_namesThem() {
        WalReach reach = new Wal().has(1, 3, 4).has(1, 6, 6).has(1, 9, 10).reach(1, "0/3000028");

        assertThat(reach.through()).isEqualTo(Wal.segment(1, 4));
        assertThat(reach.gaps())
                .extracting(Object::toString)
                .containsExactly("000000010000000000000005", "000000010000000000000007 to 000000010000000000000008");
    }

    @Test
    void reach_withTheFirstSegmentMissing_isAGap() {
        WalReach reach = new Wal().has(1, 4, 5).reach(1, "0/3000028");

        assertThat(reach.through()).isNull();
        assertThat(reach.gaps()).extracting(Object::toString).containsExactly("000000010000000000000003");
    }

    @Test
    void reach_alongAFork_readsTheSegmentOfTheSwitchFromTheNewTimeline() {
        WalReach reach = new Wal()
                .has(1, 3, 8)
                .has(2, 5, 7)
                .history(2, "2026-11-27T00:00:00Z", FORK)
                .reach(2, "0/3000028");

        assertThat(reach.through()).isEqualTo(Wal.segment(2, 7));
        assertThat(reach.segments()).isEqualTo(5);
        assertThat(reach.gaps()).isEmpty();
    }

    @Test
    void reach_alongAFork_doesNotTakeTheOldTimelinesWalForIt() {
        WalReach reach = new Wal()
                .has(1, 3, 8)
                .has(2, 6, 7)
                .history(2, "2026-11-27T00:00:00Z", FORK)
                .reach(2, "0/3000028");

        assertThat(reach.through()).isEqualTo(Wal.segment(1, 4));
        assertThat(reach.gaps()).extracting(Object::toString).containsExactly("000000020000000000000005");
    }

    @Test
    void reach_toATimelineWithoutWal_endsBeforeTheSwitch() {
        WalReach reach =
                new Wal().has(1, 3, 8).history(2, "2026-11-27T00:00:00Z", FORK).reach(2, "0/3000028");

        assertThat(reach.through()).isEqualTo(Wal.segment(1, 4));
        assertThat(reach.gaps()).isEmpty();
    }

    @Test
    void path_atASwitchOnASegmentsBorder_readsTheOldTimelineUpToIt() {
        TimelinePath path = TimelinePath.of(TimelineHistory.parse(new TimelineId(2), "1\t0/5000000\tat the border\n"));

        assertThat(path.segmentAt(Lsn.parse("0/4FFFFFF"), Wal.SIZE)).isEqualTo(Wal.segment(1, 4));
        assertThat(path.segmentAt(Lsn.parse("0/5000000"), Wal.SIZE)).isEqualTo(Wal.segment(2, 5));
    }

    @Test
    void path_containsThePointOfTheSwitchOnBothSides() {
        TimelinePath path = TimelinePath.of(TimelineHistory.parse(new TimelineId(2), FORK));

        assertThat(path.contains(location(1, "0/5000100"))).isTrue();
        assertThat(path.contains(location(1, "0/5000101"))).isFalse();
        assertThat(path.contains(location(2, "0/5000100"))).isTrue();
        assertThat(path.contains(location(2, "0/5000000"))).isFalse();
        assertThat(path.contains(location(3, "0/9000000"))).isFalse();
        assertThat(path).hasToString("1 to 0/5000100, then 2");
    }

    @Test
    void path_thatGoesBackwards_isRefused() {
        TimelineHistory history = TimelineHistory.parse(new TimelineId(3), "1\t0/5000000\ta\n2\t0/4000000\tb\n");

        Assertions.assertThatThrownBy(() -> TimelinePath.of(history)).isInstanceOf(IllegalArgumentException.class);
    }

    private static WalLocation location(int timeline, String lsn) {
        return new WalLocation(new TimelineId(timeline), Lsn.parse(lsn));
    }
}
