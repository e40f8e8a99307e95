package io.tidemark.crypto.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
    @Test
    void timeline_anyNumber_roundTripsUnsigned() {
        for (long number : new long[] {1, 10, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL}) {
            TimelineId timeline = TimelineId.of(number);

            assertThat(TimelineId.parse(timeline.toString())).isEqualTo(timeline);
            assertThat(timeline.number()).isEqualTo(number);
        }
        assertThat(TimelineId.of(0xFFFFFFFFL)).isGreaterThan(TimelineId.of(1)).hasToString("FFFFFFFF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "00000000", "0000000g", "0000000a", "000000001"})
    void timeline_otherTexts_areRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TimelineId.parse(text));
    }

    @Test
    void timeline_numbersOutsideOfThirtyTwoBits_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TimelineId.of(0));
        assertThatIllegalArgumentException().isThrownBy(() -> TimelineId.of(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> TimelineId.of(1L << 32));
    }

    @Test
    void segmentSize_onlyPowersOfTwoFromOneMebibyteToOneGibibyte() {
        for (int shift = 20; shift <= 30; shift++) {
            WalSegmentSize size = new WalSegmentSize(1 << shift);

            assertThat(WalSegmentSize.isPossible(size.bytes())).isTrue();
            assertThat((long) size.segmentsPerLogId() * size.bytes()).isEqualTo(1L << 32);
        }
        for (long bytes : new long[] {0, 1, -1, 1 << 19, (1 << 20) + 1, 3 << 20, Integer.MIN_VALUE}) {
            assertThat(WalSegmentSize.isPossible(bytes)).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> new WalSegmentSize((int) bytes));
        }
        assertThat(WalSegmentSize.isPossible(1L << 31)).isFalse();
        assertThat(WalSegmentSize.isPossible((1L << 32) + (1 << 20))).isFalse();
    }

    @Test
    void location_isOrderedByTimelineFirst() {
        WalLocation early = new WalLocation(new TimelineId(1), Lsn.parse("FFFFFFFF/0"));
        WalLocation late = new WalLocation(new TimelineId(2), Lsn.parse("0/1"));

        assertThat(late).isGreaterThan(early).hasToString("00000002:0/1");
        assertThat(new WalLocation(new TimelineId(2), Lsn.parse("0/2"))).isGreaterThan(late);
    }

    @Test
    void locator_checksItsOids() {
        assertThat(new RelFileLocator(1663, 5, 16432)).hasToString("1663/5/16432");
        assertThat(new RelFileLocator(1664, 0, 1262)).isGreaterThan(new RelFileLocator(1663, 5, 16432));
        assertThat(new RelFileLocator(1663, 5, 1)).isLessThan(new RelFileLocator(1663, 5, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new RelFileLocator(0, 5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RelFileLocator(1663, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RelFileLocator(1663, 5, 1L << 32));
    }

    @Test
    void fork_suffixesAndNumbersArePostgres() {
        assertThat(ForkNumber.values()).extracting(ForkNumber::suffix).containsExactly("", "_fsm", "_vm", "_init");
        for (ForkNumber fork : ForkNumber.values()) {
            assertThat(ForkNumber.ofSuffix(fork.suffix())).isSameAs(fork);
        }
        assertThat(ForkNumber.INIT.number()).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> ForkNumber.ofSuffix("_FSM"));
    }
}
