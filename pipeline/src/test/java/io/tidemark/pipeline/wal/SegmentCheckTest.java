package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.wal.SegmentCheck.Extent;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SegmentCheckTest {
    @Test
    void realSegments_passAndAreDescribed() {
        for (String segment : WalFixtures.BASIC) {
            SegmentReport report = check(segment, WalFixtures.BASIC_SYSTEM, WalFixtures.basic(segment));

            assertThat(report.postgresMajor()).isEqualTo(17);
            assertThat(report.badRecords()).isEmpty();
            assertThat(report.end()).isEqualTo(report.start().plus(1 << 20));
        }
        for (String segment : WalFixtures.CLUSTER) {
            SegmentReport report = check(segment, WalFixtures.CLUSTER_SYSTEM, WalFixtures.cluster(segment));

            assertThat(report.badRecords()).isEmpty();
        }
        assertThat(check(
                                "00000001000000000000000A",
                                WalFixtures.BASIC_SYSTEM,
                                WalFixtures.basic("00000001000000000000000A"))
                        .start())
                .isEqualTo(Lsn.parse("0/A00000"));
    }

    private static SegmentReport check(String segment, long system, byte[] bytes) {
        SegmentCheck check = new SegmentCheck(
                WalFixtures.name(segment),
                Extent.WHOLE,
                system,
                TimelineHistory.none(WalFixtures.name(segment).timeline()));
        check.feed(ByteBuffer.wrap(bytes));
        return check.finish();
    }
}
