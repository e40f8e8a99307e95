package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.restore.RestoreRequest.Action;
import io.tidemark.pipeline.restore.RestoreRequest.Inclusion;
import io.tidemark.pipeline.restore.RestoreRequest.Lineage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cluster whose backup A ends in segment 2 at 10:00 and whose B ends in segment 6 at 14:00, both on timeline 1. */
final class TargetChoiceTest {
    private static final Header A =
            Backups.header("20261127T100000Z-00000a", 1, "0/2000028", "0/2000100", "2026-11-27T10:00:00Z");
    private static final Header B =
            Backups.header("20261127T140000Z-00000b", 1, "0/6000028", "0/6000100", "2026-11-27T14:00:00Z");
    private static final Header ON_TWO =
            Backups.header("20261127T130000Z-000002", 2, "0/5200028", "0/5200100", "2026-11-27T13:30:00Z");
    private static final String AT_FIVE = "1\t0/5000100\tbefore 2026-11-27 11:00:00+00\n";

    @Test
    void latest_usesTheNewestBackup() {
        assertThat(choose(line(), new RecoveryTarget.Latest()).backup()).isEqualTo(B);
    }

    @Test
    void time_usesTheNewestBackupThatEndsBefore() {
        assertThat(choose(line(), time("2026-11-27T13:59:59Z")).backup()).isEqualTo(A);
        assertThat(choose(line(), time("2026-11-27T14:00:00Z")).backup()).isEqualTo(B);
    }

    @Test
    void lsn_usesTheNewestBackupThatEndsBefore() {
        assertThat(choose(line(), lsn("0/60000FF")).backup()).isEqualTo(A);
        assertThat(choose(line(), lsn("0/6000100")).backup()).isEqualTo(B);
    }

    @Test
    void t33_targetBeforeEveryBackup_isRefusedAndTheNearestIsNamed() {
        assertThatThrownBy(() -> choose(line(), time("2026-11-27T09:59:59Z")))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("before the end of every backup")
                .satisfies(e -> assertThat(((TidemarkException) e).hint().orElseThrow())
                        .contains(A.label().toString(), "0/2000100", "2026-11-27 10:00:00Z"));
    }

    @Test
    void t33_targetBeforeTheBackupThatWasAskedFor_isRefused() {
        assertThatThrownBy(() -> choose(line(), List.of(B), lsn("0/3000000"), null, B.label()))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("before the end of backup " + B.label());
    }

    @Test
    void t39_timeBeforeALaterFork_staysOnTheTimelineThatWasInUse() {
        // at 12:00 somebody restored to 11:00, which made timeline 2; the mistake that is undone now happened at 11:30
        // on timeline 1
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        TargetChoice.Choice choice = choose(wal, List.of(A), time("2026-11-27T11:30:00Z"), null, null);

        assertThat(choice.path().timeline()).isEqualTo(new TimelineId(1));
    }

    @Test
    void t39_timeAfterAFork_goesAlongIt() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        TargetChoice.Choice choice = choose(wal, List.of(A), time("2026-11-27T12:30:00Z"), null, null);

        assertThat(choice.path().timeline()).isEqualTo(new TimelineId(2));
    }

    @Test
    void t39_lsnBeforeTheFork_isOnTheCommonPart() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        assertThat(choose(wal, List.of(A), lsn("0/4000000"), null, null).path().timeline())
                .isEqualTo(new TimelineId(1));
    }

    @Test
    void t39_lsnThatTwoTimelinesHave_isRefusedUnlessOneIsChosen() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        assertThatThrownBy(() -> choose(wal, List.of(A), lsn("0/6000000"), null, null))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("several timelines: 1, 2");
        assertThat(choose(wal, List.of(A), lsn("0/6000000"), new TimelineId(2), null)
                        .path()
                        .timeline())
                .isEqualTo(new TimelineId(2));
    }

    @Test
    void t39_latest_isTheNewestTimelineThatABackupLiesOn() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        TargetChoice.Choice choice = choose(wal, List.of(A, B), new RecoveryTarget.Latest(), null, null);

        assertThat(choice.path().timeline()).isEqualTo(new TimelineId(2));
        assertThat(choice.backup())
                .as("B lies behind the fork, on the branch that was left")
                .isEqualTo(A);
    }

    @Test
    void t39_backupOnTheNewTimeline_isUsed() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        assertThat(choose(wal, List.of(A, B, ON_TWO), new RecoveryTarget.Latest(), null, null)
                        .backup())
                .isEqualTo(ON_TWO);
    }

    @Test
    void t39_xidWithAnotherBranch_isRefused() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        assertThatThrownBy(() -> choose(wal, List.of(A), new RecoveryTarget.Transaction(700), null, null))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("several timelines");
    }

    @Test
    void immediate_staysOnTheBackupsOwnTimeline() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        assertThat(choose(wal, List.of(A), new RecoveryTarget.Immediate(), null, null)
                        .path()
                        .timeline())
                .isEqualTo(new TimelineId(1));
    }

    @Test
    void timelineWithWalButWithoutHistory_isMissingUnlessAnotherIsChosen() {
        Wal wal = line().has(3, 9, 9);

        assertThatThrownBy(() -> choose(wal, List.of(A), new RecoveryTarget.Latest(), null, null))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("00000003.history");
        assertThat(choose(wal, List.of(A), new RecoveryTarget.Latest(), new TimelineId(1), null)
                        .backup())
                .isEqualTo(A);
    }

    @Test
    void timelineThatIsNotKnown_isMissing() {
        assertThatThrownBy(() -> choose(line(), List.of(A), new RecoveryTarget.Latest(), new TimelineId(7), null))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("00000007.history");
    }

    @Test
    void tree_saysWhereEachTimelineCameFrom() {
        Wal wal = line().has(2, 5, 7).history(2, "2026-11-27T12:00:00Z", AT_FIVE);

        assertThat(wal.timelines().lines())
                .containsExactly(
                        "timeline 1: WAL archived to 0/A000000",
                        "timeline 2: from timeline 1 at 0/5000100, WAL archived to 0/8000000");
    }

    private static Wal line() {
        return new Wal().has(1, 2, 9).backedUp(1);
    }

    private static RecoveryTarget time(String time) {
        return new RecoveryTarget.Time(Instant.parse(time));
    }

    private static RecoveryTarget lsn(String lsn) {
        return new RecoveryTarget.Position(Lsn.parse(lsn));
    }

    private static TargetChoice.Choice choose(Wal wal, RecoveryTarget target) {
        return choose(wal, List.of(A, B), target, null, null);
    }

    private static TargetChoice.Choice choose(
            Wal wal,
            List<Header> backups,
            RecoveryTarget target,
            @Nullable TimelineId timeline,
            @Nullable BackupLabel backup) {
        RestoreRequest request = new RestoreRequest(
                Path.of("/new"),
                target,
                Inclusion.INCLUSIVE,
                Action.PAUSE,
                Lineage.COPY,
                timeline,
                null,
                backup,
                null,
                Map.of());
        return new TargetChoice(wal.timelines(), backups, request).choose();
    }
}
