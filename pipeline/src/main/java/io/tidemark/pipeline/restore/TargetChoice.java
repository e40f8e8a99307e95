package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which timeline holds the target, and which backup recovery begins with: the newest one on the way there that ends before it.
 * PostgreSQL's own {@code latest} takes the highest number, though a target may lie on a branch that was left (T39).
 */
final class TargetChoice {
    private final Timelines timelines;
    private final List<Header> backups;
    private final RestoreRequest request;

    /** @param why for the plan: how the timeline was found */
    record Choice(Header backup, TimelinePath path, String why) {}

    /** @param backups those that may be used; one where the request names it */
    TargetChoice(Timelines timelines, List<Header> backups, RestoreRequest request) {
        this.timelines = timelines;
        this.backups = List.copyOf(backups);
        this.request = request;
    }

    /**
     * @throws RefusedForSafety where no backup ends before the target, or where several timelines hold it
     * @throws IntegrityFailed where a history file is missing
     */
    Choice choose() {
        TimelineId asked = request.timeline();
        if (asked != null) {
            TimelinePath path = timelines.path(asked).orElseThrow(() -> missingHistory(asked));
            return newestOn(path)
                    .map(backup -> new Choice(backup, path, "as asked"))
                    .orElseThrow(() -> noBackup(List.of(path)));
        }
        Choice choice = switch (request.target().kind()) {
            case LATEST, NAME -> first(all(), "the newest that a backup lies on");
            case XID -> unbranched(first(all(), "the only one that has WAL of its own at its end"));
            case IMMEDIATE -> ownTimeline();
            case TIME ->
                first(begunBy(((RecoveryTarget.Time) request.target()).time()), "the one in use at the target's time");
            case LSN -> holding(((RecoveryTarget.Position) request.target()).lsn());
        };
        requireHistories(choice.path());
        return choice;
    }

    private List<TimelinePath> all() {
        return timelines.newestFirst().stream()
                .flatMap(timeline -> timelines.path(timeline).stream())
                .toList();
    }

    /** A timeline holds what was committed while it was the newest: later forks do not, even where they begin before. */
    private List<TimelinePath> begunBy(Instant time) {
        return timelines.newestFirst().stream()
                .filter(timeline ->
                        timelines.begun(timeline).filter(time::isBefore).isEmpty())
                .flatMap(timeline -> timelines.path(timeline).stream())
                .toList();
    }

    private Choice first(List<TimelinePath> paths, String why) {
        for (TimelinePath path : paths) {
            Optional<Header> backup = newestOn(path);
            if (backup.isPresent()) {
                return new Choice(backup.get(), path, why);
            }
        }
        throw noBackup(paths);
    }

    private Choice ownTimeline() {
        Header backup = first(all(), "").backup();
        TimelinePath path = timelines.path(backup.timeline()).orElseThrow(() -> missingHistory(backup.timeline()));
        return new Choice(backup, path, "the backup's own");
    }

    /** A number may stand for one transaction here and for another on a branch that was left: no guess. */
    private Choice unbranched(Choice choice) {
        List<TimelineId> branches = timelines.branchesOff(choice.path());
        if (!branches.isEmpty()) {
            throw severalTimelines(
                    numbers(branches) + " and " + choice.path().timeline().number());
        }
        return choice;
    }

    private Choice holding(Lsn lsn) {
        Map<TimelineId, TimelinePath> holding = new LinkedHashMap<>();
        List<TimelinePath> paths = new ArrayList<>(all());
        paths.sort(Comparator.comparing(TimelinePath::timeline));
        for (TimelinePath path : paths) {
            Optional<Header> backup = newestOn(path);
            if (backup.isPresent()
                    && timelines
                            .reach(path, backup.get().redo())
                            .end(timelines.size())
                            .isAfter(lsn)) {
                holding.putIfAbsent(path.timelineAt(lsn), path);
            }
        }
        if (holding.size() > 1) {
            throw severalTimelines(numbers(List.copyOf(holding.keySet())));
        }
        return holding.isEmpty()
                ? first(all(), "the newest that a backup lies on")
                : first(List.copyOf(holding.values()), "the one that holds the target");
    }

    private Optional<Header> newestOn(TimelinePath path) {
        return backups.stream()
                .filter(backup -> path.contains(
                        new WalLocation(backup.timeline(), backup.stop().lsn())))
                .filter(this::endsBeforeTarget)
                .max(Comparator.comparing((Header backup) -> backup.start().lsn()));
    }

    private boolean endsBeforeTarget(Header backup) {
        return switch (request.target().kind()) {
            case TIME -> !backup.stop().time().isAfter(((RecoveryTarget.Time) request.target()).time());
            case LSN -> !backup.stop().lsn().isAfter(((RecoveryTarget.Position) request.target()).lsn());
            case LATEST, IMMEDIATE, XID, NAME -> true;
        };
    }

    private RefusedForSafety noBackup(List<TimelinePath> paths) {
        Optional<Header> nearest = backups.stream()
                .filter(backup -> paths.isEmpty()
                        || paths.stream()
                                .anyMatch(path -> path.contains(new WalLocation(
                                        backup.timeline(), backup.stop().lsn()))))
                .filter(backup -> !endsBeforeTarget(backup))
                .min(Comparator.comparing(backup -> backup.stop().lsn()));
        if (nearest.isEmpty()) {
            return new RefusedForSafety(
                    "no backup lies on the way to the target" + timelineAsked(),
                    "timelines: " + String.join("; ", timelines.lines()));
        }
        Header backup = nearest.get();
        return new RefusedForSafety(
                "the target lies before the end of "
                        + (request.backup() == null ? "every backup" : "backup " + request.backup()),
                "the nearest usable target is the end of backup " + backup.label() + ": --lsn "
                        + backup.stop().lsn() + " or later, --time "
                        + TargetTime.setting(backup.stop().time()) + " or later");
    }

    private String timelineAsked() {
        TimelineId asked = request.timeline();
        return asked == null ? "" : " on timeline " + asked.number();
    }

    /** WAL of a timeline without its history file: where it came from is not known, so it cannot be left out quietly. */
    private void requireHistories(TimelinePath path) {
        for (TimelineId timeline : new TreeSet<>(timelines.withoutHistory())) {
            if (timeline.compareTo(path.timeline()) > 0) {
                throw missingHistory(timeline);
            }
        }
    }

    private IntegrityFailed missingHistory(TimelineId timeline) {
        return new IntegrityFailed(
                "missing: the history file of timeline " + timeline.number() + " (" + timeline + ".history)",
                "known timelines: " + numbers(timelines.newestFirst()) + "; one of them is chosen with --timeline");
    }

    private static RefusedForSafety severalTimelines(String numbers) {
        return new RefusedForSafety(
                "the target may lie on several timelines: " + numbers,
                "say which with --timeline; --dry-run prints the tree");
    }

    private static String numbers(List<TimelineId> timelines) {
        return timelines.stream()
                .sorted()
                .map(timeline -> Long.toString(timeline.number()))
                .collect(Collectors.joining(", "));
    }
}
