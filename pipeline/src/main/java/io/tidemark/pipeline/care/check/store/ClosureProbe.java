package io.tidemark.pipeline.care.check.store;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.info.RootInfo;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;

/** Whether a repository is closed under reference: all that its backups need is there (FORMAT.md section 1). */
public final class ClosureProbe implements Probe.Independent {
    private static final int MOST_NAMED = 5;

    private final CheckedRepository checked;

    public ClosureProbe(CheckedRepository checked) {
        this.checked = checked;
    }

    @Override
    public String name() {
        return "closure";
    }

    @Override
    public Flux<Finding> findings() {
        return checked.findings(
                name(),
                repository -> checked.inventory()
                        .flatMapMany(info -> Flux.fromIterable(info.systems())
                                .concatMap(system -> ofSystem(repository, system), 1)
                                .switchIfEmpty(Flux.defer(() -> Flux.just(sound(info))))));
    }

    private Flux<Finding> ofSystem(Repository repository, SystemOf system) {
        return Flux.concat(
                Flux.fromIterable(system.backups()).concatMap(backup -> ofBackup(repository, system, backup), 1),
                Flux.defer(() -> Flux.fromIterable(ofNames(system))));
    }

    private Flux<Finding> ofBackup(Repository repository, SystemOf system, Backup backup) {
        return switch (backup.state()) {
            case ABANDONED, UNFINISHED -> Flux.empty();
            case UNREADABLE ->
                Flux.just(
                        broken("backup " + backup.label() + " has a manifest that does not open: " + backup.problem()));
            case COMPLETE ->
                new BackupClosure(repository, system, backup)
                        .missing()
                        .collectList()
                        .filter(missing -> !missing.isEmpty())
                        .map(missing -> broken("backup " + backup.label() + " cannot be restored, "
                                + (missing.size() == 1 ? "something" : missing.size() + " things")
                                + " that it needs is missing: "
                                + String.join(", ", missing.subList(0, Math.min(MOST_NAMED, missing.size())))
                                + (missing.size() > MOST_NAMED ? ", …" : "")))
                        .flux();
        };
    }

    private Finding broken(String what) {
        return Finding.failed(
                name(),
                FailureKind.INTEGRITY,
                checked + ": " + what,
                "was it deleted, or the disk exchanged? Take a new backup now (tidemark backup); restore from another "
                        + "repository or another backup meanwhile");
    }

    private List<Finding> ofNames(SystemOf system) {
        List<Finding> findings = new ArrayList<>();
        for (Timeline timeline : system.timelines()) {
            ofTimeline(system, timeline, findings);
        }
        if (system.rivals() > 0) {
            findings.add(Finding.warning(
                    name(),
                    checked + ": " + system.rivals() + " files under " + system.system()
                            + "/rival/ came with other content than the one stored under their name",
                    "two servers archive one timeline, or one was set back in time. Find out which is right; the other "
                            + "goes on by promotion to a new timeline"));
        }
        return findings;
    }

    private void ofTimeline(SystemOf system, Timeline timeline, List<Finding> findings) {
        TimelineId id = timeline.timeline();
        if (!timeline.history() && id.compareTo(TimelineId.FIRST) > 0 && timeline.segments() > 0) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.INTEGRITY,
                    checked + ": timeline " + id.number()
                            + " has WAL and no history file, so no restore finds the way to it",
                    "on the server: tidemark archive-push pg_wal/" + id + ".history"));
        }
        if (timeline.missing() > 0 && matters(system, timeline)) {
            RootInfo.Gap gap = timeline.gaps().get(0);
            findings.add(Finding.warning(
                    name(),
                    checked + ": timeline " + id.number() + " lacks " + timeline.missing()
                            + (timeline.missing() == 1 ? " WAL segment, " : " WAL segments, the first is ")
                            + gap.first() + ": no restore gets across",
                    "segments that PostgreSQL pushes side by side close a gap in seconds; if it stays, look for them in "
                            + "pg_wal and in the other repositories, and take a new backup"));
        }
        if (timeline.missing() < 0 && timeline.segments() > 0) {
            findings.add(Finding.warning(
                    name(),
                    checked + ": the first WAL segments of timeline " + id.number() + " of system " + system.system()
                            + " cannot be read, so its gaps are not known",
                    "tidemark info shows what lies there"));
        }
        if (timeline.again() > 0) {
            findings.add(Finding.warning(
                    name(),
                    checked + ": " + timeline.again() + " files of timeline " + id.number()
                            + " were stored a second time (.again.), because their names are held by damaged or forged objects",
                    "somebody else writes there, or its disk fails; the second objects are read instead"));
        }
    }

    /** A gap before the oldest backup stops no restore; without a backup every gap is worth a word. */
    private static boolean matters(SystemOf system, Timeline timeline) {
        List<ManifestLine.Header> headers = system.backups().stream()
                .map(Backup::header)
                .filter(Objects::nonNull)
                .toList();
        RootInfo.Gap last = timeline.gaps().get(timeline.gaps().size() - 1);
        boolean allListed =
                timeline.gaps().stream().mapToLong(RootInfo.Gap::segments).sum() == timeline.missing();
        return headers.isEmpty()
                || !allListed
                || headers.stream()
                        .anyMatch(header -> header.timeline().compareTo(timeline.timeline()) < 0
                                || header.timeline().equals(timeline.timeline())
                                        && header.redo()
                                                .isBefore(last.last()
                                                        .end(header.cluster().segmentSize())));
    }

    private Finding sound(RootInfo info) {
        long backups = info.systems().stream()
                .flatMap(system -> system.backups().stream())
                .filter(backup -> backup.state() == State.COMPLETE)
                .count();
        if (backups == 0) {
            return Finding.warning(
                    name(), checked + " has no backup yet: WAL alone restores nothing", "tidemark backup");
        }
        return Finding.ok(
                name(),
                checked + ": " + backups + (backups == 1 ? " backup" : " backups")
                        + " with everything that they need; WAL " + last(info));
    }

    private static String last(RootInfo info) {
        return info.systems().stream()
                .flatMap(system -> system.timelines().stream())
                .filter(timeline -> timeline.last() != null)
                .reduce((first, second) -> second)
                .map(timeline -> "to " + timeline.last() + " without a gap behind them")
                .orElse("none yet");
    }
}
