package io.tidemark.pipeline.cli;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.info.BackupDetail;
import io.tidemark.pipeline.care.info.RootInfo;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.Gap;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@code info} says, for people; and what can only be said by looking at all repositories together. */
final class InfoText {
    private final String cluster;
    private final List<InfoCommand.Look> looks;
    private final TreeMap<SystemIdentifier, WalSegmentName> newest = new TreeMap<>();

    InfoText(String cluster, List<InfoCommand.Look> looks) {
        this.cluster = cluster;
        this.looks = looks;
        for (InfoCommand.Look look : looks) {
            RootInfo info = look.info();
            if (info != null) {
                info.systems().forEach(this::raise);
            }
        }
    }

    private void raise(SystemOf system) {
        for (Timeline timeline : system.timelines()) {
            WalSegmentName last = timeline.last();
            if (last != null) {
                newest.merge(system.system(), last, (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
        }
    }

    /** For each system whose last segment is not here: how far the repository lags behind the others. */
    List<String> lags(InfoCommand.Look look) {
        List<String> lags = new ArrayList<>();
        RootInfo info = look.info();
        if (info == null) {
            return lags;
        }
        newest.forEach((system, last) -> {
            SystemOf here = info.systems().stream()
                    .filter(candidate -> candidate.system().equals(system))
                    .findFirst()
                    .orElse(null);
            WalSegmentName lastHere = here == null ? null : last(here);
            if (here == null || lastHere == null) {
                lags.add("system " + system + " has no WAL here, elsewhere up to " + last);
            } else if (lastHere.compareTo(last) < 0) {
                lags.add("system " + system + " ends with " + lastHere + " here, elsewhere with " + last
                        + behind(here, lastHere, last));
            }
        });
        return lags;
    }

    private static @Nullable WalSegmentName last(SystemOf system) {
        WalSegmentName last = null;
        for (Timeline timeline : system.timelines()) {
            WalSegmentName here = timeline.last();
            if (here != null && (last == null || here.compareTo(last) > 0)) {
                last = here;
            }
        }
        return last;
    }

    private static String behind(SystemOf here, WalSegmentName lastHere, WalSegmentName last) {
        WalSegmentSize size = here.segmentSize();
        if (size == null || !lastHere.timeline().equals(last.timeline())) {
            return "";
        }
        long bytes = last.start(size).distanceFrom(lastHere.start(size));
        return ": " + bytes / size.bytes() + " segments (" + Amounts.size(bytes) + ") behind";
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("cluster " + cluster);
        for (InfoCommand.Look look : looks) {
            lines.add("");
            lines.add("repository \"" + look.repository().name() + "\"  " + Printable.of(look.location()) + "  "
                    + (look.repository().required() ? "required" : "optional"));
            RootInfo info = look.info();
            if (info == null) {
                lines.add("  " + Printable.of(message(look.failure())));
                continue;
            }
            lines.add("  cluster id  " + info.cluster());
            lines.add("  keyset      generation " + info.generation());
            if (info.systems().isEmpty()) {
                lines.add("  nothing is archived or backed up yet");
            }
            info.systems().forEach(system -> add(lines, system));
            lags(look).forEach(lag -> lines.add("  lags        " + lag));
        }
        return lines;
    }

    /** A failure in one line: stores put their hint on a second one. */
    static String message(@Nullable Throwable failure) {
        return failure == null ? "" : String.valueOf(failure.getMessage()).replace("\nHINT: ", ". HINT: ");
    }

    private static void add(List<String> lines, SystemOf system) {
        lines.add("  system      " + system.system()
                + (system.segmentSize() == null
                        ? ""
                        : ", WAL segments of "
                                + Amounts.size(system.segmentSize().bytes())));
        system.timelines().forEach(timeline -> add(lines, timeline));
        if (system.backups().isEmpty()) {
            lines.add("    backup    none");
        }
        system.backups().forEach(backup -> lines.add("    backup    " + text(backup)));
        if (system.rivals() > 0) {
            lines.add("    rivals    " + system.rivals() + " files came with other content than the stored ones");
        }
        lines.add("    last commit  not inspected");
    }

    private static void add(List<String> lines, Timeline timeline) {
        String range = timeline.first() == null ? "no segments" : timeline.first() + " to " + timeline.last();
        lines.add("    timeline  " + timeline.timeline() + "  " + range + ", " + timeline.segments() + " segments, "
                + Amounts.size(timeline.storedBytes()) + (timeline.history() ? ", history" : ""));
        for (Gap gap : timeline.gaps()) {
            lines.add("      gap     " + gap.first() + " to " + gap.last() + ", " + gap.segments() + " segments");
        }
        if (timeline.missing()
                > timeline.gaps().stream().mapToLong(Gap::segments).sum()) {
            lines.add("      gap     more: " + timeline.missing() + " segments missing in all");
        }
        if (timeline.missing() < 0 && timeline.segments() > 1) {
            lines.add("      gap     not known: the segment size could not be read");
        }
        count(lines, timeline.partials(), "partial segments");
        count(lines, timeline.asFound(), "segments as found, under pg_tde's encryption");
        count(lines, timeline.again(), "second objects: their own names are held by foreign ones");
    }

    private static void count(List<String> lines, long number, String what) {
        if (number > 0) {
            lines.add("      also    " + number + " " + what);
        }
    }

    private static String text(Backup backup) {
        String size = ", " + backup.packs() + " packs, " + Amounts.size(backup.storedBytes());
        return switch (backup.state()) {
            case COMPLETE -> backup.label() + "  " + text(backup.header()) + size;
            case ABANDONED -> backup.label() + "  abandoned" + size;
            case UNFINISHED -> backup.label() + "  running or interrupted, no manifest" + size;
            case UNREADABLE ->
                backup.label() + "  manifest cannot be read: " + Printable.of(String.valueOf(backup.problem()));
        };
    }

    private static String text(ManifestLine.@Nullable Header header) {
        return header == null
                ? ""
                : header.backup() + ", timeline " + header.timeline() + ", "
                        + header.start().lsn() + " to " + header.stop().lsn() + ", finished "
                        + header.stop().time();
    }

    static List<String> lines(String repository, BackupDetail detail) {
        List<String> lines = new ArrayList<>();
        lines.add("backup " + detail.label() + " in repository \"" + repository + "\"");
        ManifestLine.Header header = detail.header();
        ManifestLine.Footer footer = detail.footer();
        if (header == null || footer == null) {
            lines.add("  abandoned: nothing was backed up under this label");
            return lines;
        }
        BackupLabel parent = header.parent();
        lines.add("  kind        " + text(header));
        lines.add("  parent      " + (parent == null ? "none" : parent.value()));
        lines.add("  origin      " + header.origin() + ", node " + header.node());
        lines.add("  system      " + header.cluster().systemIdentifier() + ", PostgreSQL "
                + header.cluster().postgres()
                + (header.cluster().checksumVersion() == 0 ? ", no data checksums" : ", data checksums"));
        lines.add("  redo        " + header.redo());
        lines.add("  files       " + footer.files() + " files, " + footer.directories() + " directories, "
                + footer.tablespaces() + " tablespaces, " + Amounts.size(footer.bytes()));
        lines.add("  stored      " + footer.packs() + " packs, " + Amounts.size(detail.storedBytes()));
        lines.add("  bad blocks  " + footer.badBlocks());
        lines.add("  last commit  not inspected");
        return lines;
    }
}
