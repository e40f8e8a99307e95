package io.tidemark.pipeline.restore;

import com.google.gson.JsonObject;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.event.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a restore will do, found to be possible: every pack, every segment on the path and every place has been looked at. Made by
 * {@link Restore#plan}, printed, and then executed as it is.
 */
public final class RestorePlan {
    private final RestoreRequest request;
    private final RestoreSource source;
    private final List<String> repositories;
    private final Draft draft;
    private final ManifestSurvey survey;
    private final Places places;
    private final TargetDirectory.Start start;
    private final List<ServerSetting> settings;
    private final List<String> notes;

    /**
     * The part of a plan that is known before the manifest is read through.
     *
     * @param system with which the repository's objects are named
     * @param choice backup and path of timelines
     * @param tree all timelines, a line each
     * @param wal how far archived WAL goes from the redo point
     * @param end how far recovery can go, WAL within the backup counted
     * @param lastArchived when the last segment of {@code wal} was archived; null where there is none
     * @param notes what a person should know
     */
    record Draft(
            Inventory.OfSystem system,
            TargetChoice.Choice choice,
            List<String> tree,
            WalReach wal,
            Lsn end,
            @Nullable Instant lastArchived,
            List<String> notes) {
        Draft {
            tree = List.copyOf(tree);
            notes = List.copyOf(notes);
        }

        Header backup() {
            return choice.backup();
        }
    }

    RestorePlan(
            RestoreRequest request,
            RestoreSource source,
            List<String> repositories,
            Draft draft,
            ManifestSurvey survey,
            Places places,
            TargetDirectory.Start start,
            List<ServerSetting> settings,
            List<String> notes) {
        this.request = request;
        this.source = source;
        this.repositories = List.copyOf(repositories);
        this.draft = draft;
        this.survey = survey;
        this.places = places;
        this.start = start;
        this.settings = List.copyOf(settings);
        this.notes = List.copyOf(notes);
    }

    RestoreRequest request() {
        return request;
    }

    RestoreSource source() {
        return source;
    }

    /** Those that {@code restore_command} will ask. */
    List<String> repositories() {
        return repositories;
    }

    Draft draft() {
        return draft;
    }

    ManifestSurvey survey() {
        return survey;
    }

    Places places() {
        return places;
    }

    TargetDirectory.Start start() {
        return start;
    }

    List<ServerSetting> settings() {
        return settings;
    }

    List<String> notes() {
        return notes;
    }

    public BackupLabel backup() {
        return draft.backup().label();
    }

    /** The new data directory, links on the way resolved. */
    public Path directory() {
        return places.root();
    }

    /** Of all files together; what {@link Progress} counts up to. */
    public long bytes() {
        return survey.bytes();
    }

    public long files() {
        return survey.files();
    }

    /** What the plan's packs take in the repository: at most this much is fetched for the files. */
    public long storedBytes() {
        return survey.packs().values().stream()
                .mapToLong(pack -> pack.objectLength())
                .sum();
    }

    /** The last WAL segment that recovery can use from the archive. */
    public Optional<String> through() {
        return Optional.ofNullable(draft.wal().through()).map(Object::toString);
    }

    /** For a person, line by line. */
    public List<String> lines(ZoneId here) {
        return PlanReport.lines(this, here);
    }

    /** For a script; one object. */
    public JsonObject json() {
        return PlanReport.json(this);
    }
}
