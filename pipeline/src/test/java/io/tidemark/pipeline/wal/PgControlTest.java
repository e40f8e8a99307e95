package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.wal.PgControl.ClusterState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class PgControlTest {
    @Test
    void parse_ofARealFile_readsItAsPgControldataDoes() {
        PgControl control = PgControl.parse("pg_control", ByteBuffer.wrap(WalFixtures.clusterControl()));

        assertThat(control.systemIdentifier()).isEqualTo(WalFixtures.CLUSTER_SYSTEM);
        assertThat(control.controlVersion()).isEqualTo(1700);
        assertThat(control.state()).isEqualTo(ClusterState.IN_PRODUCTION);
        assertThat(control.isShutDown()).isFalse();
        assertThat(control.checkpoint()).isEqualTo(Lsn.parse("0/F00080"));
        assertThat(control.redo()).isEqualTo(Lsn.parse("0/F00028"));
        assertThat(control.timeline()).isEqualTo(new TimelineId(1));
        assertThat(control.checkpointTime()).isEqualTo(Instant.parse("2026-11-22T14:00:02Z"));
        assertThat(control.segmentSize()).isEqualTo(new WalSegmentSize(1 << 20));
        assertThat(control.blockBytes()).isEqualTo(8192);
        assertThat(control.blocksPerRelationSegment()).isEqualTo(131072);
        assertThat(control.dataChecksumVersion()).isEqualTo(1);
    }

    @Test
    void parse_ofAnyFlippedByte_isRefused() {
        for (int i = 0; i < 292; i++) {
            byte[] flipped = WalFixtures.clusterControl();
            flipped[i] ^= 1;

            assertThatThrownBy(() -> PgControl.parse("pg_control", ByteBuffer.wrap(flipped)))
                    .as("byte " + i)
                    .isInstanceOfAny(IntegrityFailed.class, NotInThisVersion.class);
        }
    }

    @Test
    void parse_ofAnyCut_isRefused() {
        byte[] whole = WalFixtures.clusterControl();
        for (int length = 0; length < 292; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);

            assertThatThrownBy(() -> PgControl.parse("pg_control", cut)).isInstanceOf(IntegrityFailed.class);
        }
    }

    @Test
    void parse_ofPostgres18_knowsThatItsCrcLiesFurtherBack() {
        ByteBuffer control = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        control.put(WalFixtures.clusterControl()).clear();
        control.putInt(8, 1800).putInt(292, crc(control, 292));

        assertThat(PgControl.parse("pg_control", control).controlVersion()).isEqualTo(1800);
    }

    @Test
    void parse_ofAnotherVersion_saysWhichAreKnown() {
        ByteBuffer control = ByteBuffer.wrap(WalFixtures.clusterControl()).order(ByteOrder.LITTLE_ENDIAN);
        control.putInt(8, 1900);

        assertThatThrownBy(() -> PgControl.parse("pg_control", control))
                .isInstanceOf(NotInThisVersion.class)
                .hasMessageContaining("1900");
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }
}
