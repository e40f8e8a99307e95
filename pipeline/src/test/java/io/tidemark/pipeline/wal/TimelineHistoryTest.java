package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import org.junit.jupiter.api.Test;

final class TimelineHistoryTest {
    private static final TimelineId FIVE = new TimelineId(5);

    @Test
    void parse_asPostgresqlWritesIt_givesAncestorsInOrder() {
        TimelineHistory history = TimelineHistory.parse(
                FIVE, "1\t0/3000148\tno recovery target specified\n\n2\t0/50001C0\tbefore 2026-11-27 10:00:00+00\n");

        assertThat(history.ancestors()).hasSize(2);
        assertThat(history.endOf(new TimelineId(1))).contains(Lsn.parse("0/3000148"));
        assertThat(history.endOf(new TimelineId(3))).isEmpty();
        assertThat(history.ownerOf(Lsn.parse("0/3000147"))).isEqualTo(new TimelineId(1));
        assertThat(history.ownerOf(Lsn.parse("0/3000148"))).isEqualTo(new TimelineId(2));
        assertThat(history.ownerOf(Lsn.parse("0/50001C0"))).isEqualTo(FIVE);
    }

    @Test
    void parse_withCommentsAndNoReason_readsThem() {
        assertThat(TimelineHistory.parse(FIVE, "# made by hand\n  1 0/28\n").ancestors())
                .hasSize(1);
    }

    @Test
    void parse_ofWhatPostgresqlWouldRefuse_isRefused() {
        for (String text : new String[] {
            "1\n",
            "1\t0/3000148 x\n1\t0/4000000\ty\n",
            "2\t0/3\tx\n1\t0/4\ty\n",
            "5\t0/3000148\tx\n",
            "6\t0/3000148\tx\n",
            "one\t0/1\tx\n",
            "1\t0-3000148\tx\n",
            "99999999999\t0/1\n",
            "0\t0/1\tx\n",
            "1\t0/3000148\tx\n\u0000"
        }) {
            assertThatThrownBy(() -> TimelineHistory.parse(FIVE, text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
