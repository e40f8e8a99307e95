package io.tidemark.crypto.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.crypto.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalSegmentNameTest {
    @ParameterizedTest
    @CsvSource({
        // as pg_walfile_name() gives them
        "1, 0/1000000, 16, 000000010000000000000001",
        "1, 0/1FFFFFF, 16, 000000010000000000000001",
        "1, 16/B374D848, 16, 0000000100000016000000B3",
        "2, 1/FFFFFFFF, 16, 0000000200000001000000FF",
        "1, 0/C00000, 1, 00000001000000000000000C",
        "1, 1/FFF00000, 1, 000000010000000100000FFF",
        "10, 5/C0000000, 1024, 0000000A0000000500000003",
        "4294967295, FFFFFFFF/FF000000, 16, FFFFFFFFFFFFFFFF000000FF"
    })
    void of_aLocation_isTheNameThatPostgresGives(long timeline, String lsn, int mebibytes, String name) {
        WalSegmentSize size = new WalSegmentSize(mebibytes << 20);

        WalSegmentName segment = WalSegmentName.of(TimelineId.of(timeline), Lsn.parse(lsn), size);

        assertThat(segment).hasToString(name);
        assertThat(WalSegmentName.parse(name)).isEqualTo(segment);
        assertThat(segment.start(size)).isEqualTo(Lsn.parse(lsn).alignedDown(size.bytes()));
        assertThat(segment.run()).isEqualTo(name.substring(0, 16));
    }

    @Test
    void anySegment_holdsItsOwnBytesAndNoOthers() {
        Seeds.each(2000, random -> {
            WalSegmentSize size = anySize(random);
            TimelineId timeline = new TimelineId(random.nextInt() | 1);
            Lsn lsn = LsnTest.any(random);
            WalSegmentName name = WalSegmentName.of(timeline, lsn, size);

            assertThat(WalSegmentName.parse(name.toString())).isEqualTo(name);
            assertThat(name.fits(size)).isTrue();
            assertThat(name.start(size)).isLessThanOrEqualTo(lsn);
            assertThat(name.end(size).plus(-1)).isGreaterThanOrEqualTo(lsn);
            assertThat(WalSegmentName.of(timeline, name.end(size).plus(-1), size))
                    .isEqualTo(name);
            assertThat(name.end(size).distanceFrom(name.start(size))).isEqualTo(size.bytes());
        });
    }

    @Test
    void next_andPrevious_undoEachOtherAndKeepTheOrderOfNames() {
        Seeds.each(2000, random -> {
            WalSegmentSize size = anySize(random);
            WalSegmentName name = WalSegmentName.of(
                    TimelineId.FIRST, new Lsn(LsnTest.any(random).value() >>> 1), size);
            WalSegmentName next = name.next(size);

            assertThat(next.previous(size)).isEqualTo(name);
            assertThat(next.start(size)).isEqualTo(name.end(size));
            assertThat(next).isGreaterThan(name);
            assertThat(next.toString()).isGreaterThan(name.toString());
        });
    }

    @Test
    void next_atTheEndOfALogId_carries() {
        WalSegmentName last = WalSegmentName.parse("0000000100000000000000FF");

        assertThat(last.next(WalSegmentSize.DEFAULT)).hasToString("000000010000000100000000");
        assertThat(WalSegmentName.parse("000000010000000100000000").previous(WalSegmentSize.DEFAULT))
                .isEqualTo(last);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> WalSegmentName.parse("000000010000000000000000").previous(WalSegmentSize.DEFAULT));
    }

    @Test
    void start_ofANameThatTheSizeCannotHave_isRefused() {
        WalSegmentName name = WalSegmentName.parse("000000010000000000000100");

        assertThat(name.fits(WalSegmentSize.DEFAULT)).isFalse();
        assertThat(name.fits(WalSegmentSize.MIN)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> name.start(WalSegmentSize.DEFAULT));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> WalSegmentName.parse("0000000100000000FFFFFFFF").start(WalSegmentSize.MIN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000001000000000000000c",
                "00000001000000000000000",
                "00000001000000000000000C0",
                "000000000000000000000001",
                "00000001000000000000000G",
                "00000001.history",
                "00000001000000000000000C.partial"
            })
    void parse_whatIsNoSegmentName_isRefused(String text) {
        assertThat(WalSegmentName.isName(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> WalSegmentName.parse(text));
    }

    @Test
    void withTimeline_keepsTheBytes() {
        assertThat(WalSegmentName.parse("0000000100000016000000B3").withTimeline(new TimelineId(3)))
                .hasToString("0000000300000016000000B3");
    }

    private static WalSegmentSize anySize(Random random) {
        return new WalSegmentSize(1 << 20 + random.nextInt(11));
    }
}
