package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.restore.RestoreRequest.Action;
import io.tidemark.pipeline.restore.RestoreRequest.Inclusion;
import io.tidemark.pipeline.restore.RestoreRequest.Lineage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row R1: each kind of target becomes PostgreSQL's own settings. */
final class RecoveryTargetTest {
    private static final Path DIRECTORY = Path.of("/new");

    @Test
    void r1_latest_setsNoTarget() {
        assertThat(settings(new RecoveryTarget.Latest(), Inclusion.INCLUSIVE, Lineage.SAME_CLUSTER))
                .contains("restore_command = 'cmd'", "recovery_target_timeline = '2'")
                .noneMatch(line -> line.startsWith("recovery_target_action"));
    }

    @Test
    void r1_immediate_setsTargetAndAction() {
        assertThat(settings(new RecoveryTarget.Immediate(), Inclusion.INCLUSIVE, Lineage.SAME_CLUSTER))
                .contains("recovery_target = 'immediate'", "recovery_target_action = 'promote'")
                .noneMatch(line -> line.startsWith("recovery_target_inclusive"));
    }

    @Test
    void r1_time_isWrittenInUtc() {
        assertThat(settings(
                        new RecoveryTarget.Time(Instant.parse("2026-11-22T14:00:00.5Z")),
                        Inclusion.EXCLUSIVE,
                        Lineage.SAME_CLUSTER))
                .contains(
                        "recovery_target_time = '2026-11-22 14:00:00.500000+00'", "recovery_target_inclusive = 'off'");
    }

    @Test
    void r1_lsnXidAndName_areWrittenAsGiven() {
        assertThat(settings(new RecoveryTarget.Position(Lsn.parse("16/B374D848")), Inclusion.INCLUSIVE, Lineage.COPY))
                .contains("recovery_target_lsn = '16/B374D848'", "recovery_target_inclusive = 'on'");
        assertThat(settings(RecoveryTarget.Transaction.parse("4294968296"), Inclusion.INCLUSIVE, Lineage.COPY))
                .contains("recovery_target_xid = '1000'");
        assertThat(settings(new RecoveryTarget.Name("it's \\ 50%"), Inclusion.INCLUSIVE, Lineage.COPY))
                .contains("recovery_target_name = 'it''s \\\\ 50%'");
    }

    @Test
    void t37_targetsOfOtherKinds_areTakenBackBeforeOursIsSet() {
        List<String> lines = settings(new RecoveryTarget.Name("x"), Inclusion.INCLUSIVE, Lineage.SAME_CLUSTER);

        assertThat(lines)
                .containsSubsequence("recovery_target = ''", "recovery_target_name = 'x'")
                .containsSubsequence("recovery_target_lsn = ''", "recovery_target_name = 'x'")
                .containsSubsequence("recovery_target_time = ''", "recovery_target_name = 'x'")
                .containsSubsequence("recovery_target_xid = ''", "recovery_target_name = 'x'")
                .doesNotContain("recovery_target_name = ''");
    }

    @Test
    void t48_copy_doesNotArchive() {
        assertThat(settings(new RecoveryTarget.Latest(), Inclusion.INCLUSIVE, Lineage.COPY))
                .contains(
                        "archive_mode = 'off'",
                        "archive_command = ''",
                        "primary_conninfo = ''",
                        "primary_slot_name = ''",
                        "synchronous_standby_names = ''");
        assertThat(settings(new RecoveryTarget.Latest(), Inclusion.INCLUSIVE, Lineage.SAME_CLUSTER))
                .noneMatch(line -> line.startsWith("archive_mode")
                        || line.startsWith("archive_command")
                        || line.startsWith("primary_"));
    }

    @Test
    void exclusive_ofATargetThatCannot_isRefused() {
        for (RecoveryTarget target :
                List.of(new RecoveryTarget.Latest(), new RecoveryTarget.Immediate(), new RecoveryTarget.Name("x"))) {
            assertThatThrownBy(() -> request(target, Inclusion.EXCLUSIVE, Lineage.COPY))
                    .isInstanceOf(UsageError.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "2", "-7", "seven", "4294967296", "18446744073709551616"})
    void xid_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> RecoveryTarget.Transaction.parse(text)).isInstanceOf(UsageError.class);
    }

    @Test
    void name_thatPostgresWouldRefuse_isRefusedBefore() {
        assertThatThrownBy(() -> new RecoveryTarget.Name("")).isInstanceOf(UsageError.class);
        assertThatThrownBy(() -> new RecoveryTarget.Name("x".repeat(64))).isInstanceOf(UsageError.class);
        assertThatThrownBy(() -> new RecoveryTarget.Name("é".repeat(32))).isInstanceOf(UsageError.class);
        assertThatThrownBy(() -> new RecoveryTarget.Name("a\0b")).isInstanceOf(UsageError.class);
        assertThat(new RecoveryTarget.Name("x".repeat(63)).settings()).hasSize(1);
    }

    private static List<String> settings(RecoveryTarget target, Inclusion inclusion, Lineage lineage) {
        return RecoverySettings.of(request(target, inclusion, lineage), new TimelineId(2), "cmd").stream()
                .map(ServerSetting::line)
                .toList();
    }

    private static RestoreRequest request(RecoveryTarget target, Inclusion inclusion, Lineage lineage) {
        return new RestoreRequest(
                DIRECTORY, target, inclusion, Action.PROMOTE, lineage, null, null, null, null, Map.of());
    }
}
