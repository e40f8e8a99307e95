package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The second half of a plan: the manifest read through, its packs looked up, the places looked at, the settings written down. */
final class PlanCompletion {
    private final RestoreRequest request;
    private final RestoreCommandLine restoreCommand;
    private final @Nullable RestoreMarker before;
    private final Clock clock;
    private final Scheduler files;

    /** @param before what this very run has left in the directory; null where it has not begun */
    PlanCompletion(
            RestoreRequest request,
            RestoreCommandLine restoreCommand,
            @Nullable Unfinished before,
            Clock clock,
            Scheduler files) {
        this.request = request;
        this.restoreCommand = restoreCommand;
        this.before = before == null ? null : before.marker();
        this.clock = clock;
        this.files = files;
    }

    /**
     * @param best the repository that is planned with
     * @param all every one that has a draft, for {@code restore_command}
     * @param failures of repositories that gave none, for the notes
     */
    Mono<RestorePlan> complete(
            Restore.Attempt.Drafted best, List<Restore.Attempt.Drafted> all, List<Throwable> failures) {
        RestorePlan.Draft draft = best.draft();
        Header backup = draft.backup();
        SystemIdentifier system = draft.system().system();
        return ManifestSurvey.of(new CatalogReader(best.source()).manifest(system, backup.label()))
                .doOnNext(survey -> requireSame(backup, survey))
                .flatMap(survey -> PackCheck.run(
                                best.source().store(), system, survey.packs().values())
                        .thenReturn(survey))
                .publishOn(files)
                .map(survey -> plan(best, survey, repositories(best, all), failures));
    }

    private static void requireSame(Header backup, ManifestSurvey survey) {
        if (!backup.equals(survey.header())) {
            throw new IntegrityFailed("manifest of backup " + backup.label() + " changed while it was read");
        }
    }

    /** Only those that have all WAL of the plan: a repository that is behind would answer with doubt, and recovery would stop. */
    private static List<String> repositories(Restore.Attempt.Drafted best, List<Restore.Attempt.Drafted> all) {
        List<String> names = new ArrayList<>();
        for (Restore.Attempt.Drafted one : all) {
            boolean samePath =
                    one.draft().choice().path().equals(best.draft().choice().path());
            boolean asFar = !one.draft().end().isBefore(best.draft().end());
            if (samePath && asFar && !names.contains(one.source().name())) {
                names.add(one.source().name());
            }
        }
        return names;
    }

    private RestorePlan plan(
            Restore.Attempt.Drafted best, ManifestSurvey survey, List<String> repositories, List<Throwable> failures) {
        RestorePlan.Draft draft = best.draft();
        requireOwnWal(draft, survey);
        Path root = TargetDirectory.resolved(request.directory());
        Places places = PlacesPlanner.plan(root, survey, request.locations());
        TablespaceMap.rewritten(survey, places);
        RestoreMarker marker = new RestoreMarker(draft.backup().label(), root.toString(), clock.instant());
        TargetDirectory.Start start = TargetDirectory.startIn(root, marker, before);
        for (Place place : places.outside()) {
            requireEmptyOrOurs(place, marker);
        }
        requireSpace(root, survey, start);
        RestoreRequest asWritten = isEndOfOwnWal(draft) ? request.withTarget(new RecoveryTarget.Latest()) : request;
        List<ServerSetting> settings = RecoverySettings.of(
                asWritten,
                draft.choice().path().timeline(),
                restoreCommand.text(repositories, draft.wal().through()));
        List<String> notes = new ArrayList<>(draft.notes());
        failures.forEach(why -> notes.add("a repository was left out: " + why.getMessage()));
        notes.addAll(PlanNotes.of(request, draft, survey, start));
        return new RestorePlan(request, best.source(), repositories, draft, survey, places, start, settings, notes);
    }

    /** A server that finds no record behind its checkpoint never reaches a target, not even the immediate one. */
    private boolean isEndOfOwnWal(RestorePlan.Draft draft) {
        return request.target().kind() == RecoveryTarget.Kind.IMMEDIATE
                && draft.wal().through() == null;
    }

    /** The WAL that a stopped directory needs to start at all lies in the backup, or else in the archive. */
    private static void requireOwnWal(RestorePlan.Draft draft, ManifestSurvey survey) {
        Header backup = draft.backup();
        WalSegmentSize size = backup.cluster().segmentSize();
        if (backup.origin() != BackupOrigin.STOPPED) {
            return;
        }
        for (Lsn at = draft.wal().end(size); at.isBefore(backup.stop().lsn()); at = at.plus(size.bytes())) {
            WalSegmentName segment = WalSegmentName.of(backup.timeline(), at, size);
            // a standby that was stopped may have gone on along a later timeline
            if (survey.ownWal().stream()
                    .noneMatch(own -> own.withTimeline(backup.timeline()).equals(segment))) {
                throw new IntegrityFailed("missing: WAL " + segment + ", which backup " + backup.label()
                        + " needs and has not, nor has the repository");
            }
        }
    }

    private void requireEmptyOrOurs(Place place, RestoreMarker marker) {
        try {
            TargetDirectory.startIn(place.directory(), marker, before);
        } catch (RefusedForSafety e) {
            throw new RefusedForSafety(
                    "'" + place.link() + "' goes to '" + place.directory() + "': " + e.getMessage(),
                    "say where it shall go: --tablespace-map " + place.origin() + "=DIR",
                    e);
        }
    }

    private static void requireSpace(Path root, ManifestSurvey survey, TargetDirectory.Start start) {
        Path existing = Files.exists(root) ? root : root.getParent();
        if (existing == null
                || start != TargetDirectory.Start.FRESH
                || !survey.links().isEmpty()) {
            // some of it is there already, or goes elsewhere: PostgreSQL's own check is the full disk
            return;
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            if (free < survey.bytes()) {
                throw new RefusedForSafety("'" + root + "' has " + PlanReport.size(free) + " free, the backup needs "
                        + PlanReport.size(survey.bytes()) + " and its WAL");
            }
        } catch (IOException e) {
            throw new RefusedForSafety("cannot see how much space '" + existing + "' has: " + e.getMessage(), e);
        }
    }
}
