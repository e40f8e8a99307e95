package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import java.util.ArrayList;
import java.util.List;

/** What a person should know before a plan is carried out: what could not be proven, what is different afterwards. */
final class PlanNotes {
    private PlanNotes() {}

    static List<String> of(
            RestoreRequest request, RestorePlan.Draft draft, ManifestSurvey survey, TargetDirectory.Start start) {
        List<String> notes = new ArrayList<>();
        Header backup = draft.backup();
        if (start == TargetDirectory.Start.AGAIN) {
            notes.add("an interrupted restore of this backup is there: its files are written again");
        } else if (start == TargetDirectory.Start.INSTEAD) {
            notes.add("what this run has written of another backup, from the repository that failed, is removed first");
        }
        if (survey.badBlocks() > 0) {
            notes.add("the backup found " + survey.badBlocks() + " bad blocks, which are restored as they were: "
                    + String.join("; ", survey.damaged()));
        }
        if (!survey.leftOut().isEmpty()) {
            notes.add("not restored: "
                    + String.join(
                            ", ",
                            survey.leftOut().stream().map(Object::toString).toList()));
        }
        if (backup.origin() == BackupOrigin.STOPPED) {
            notes.add(
                    "the backup is of a stopped directory and has no backup_label: PostgreSQL starts from pg_control's checkpoint "
                            + "and replays the archive from there");
        }
        notes.addAll(aboutTarget(request, draft));
        notes.add(
                request.lineage() == RestoreRequest.Lineage.COPY
                        ? "archiving is off in the copy (archive_mode, archive_command in postgresql.auto.conf); "
                                + "--same-cluster leaves it as it was"
                        : "the restored cluster archives as the origin did: make sure that the origin does not run any more");
        return notes;
    }

    private static List<String> aboutTarget(RestoreRequest request, RestorePlan.Draft draft) {
        return switch (request.target().kind()) {
            case XID, NAME ->
                List.of(
                        "where the target lies is not known, for segments are not inspected: if it is not on the way, "
                                + "or before the end of the backup, recovery ends with an error of PostgreSQL; then choose --backup or --timeline");
            case IMMEDIATE ->
                draft.wal().through() == null
                        ? List.of("the backup is consistent as it is: no recovery target is set")
                        : List.of();
            case LATEST, TIME, LSN -> List.of();
        };
    }
}
