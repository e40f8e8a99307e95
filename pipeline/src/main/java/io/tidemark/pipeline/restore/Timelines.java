package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.wal.TimelineHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a cluster's timelines as a repository knows it: from which point of which other each one came, when, and which
 * WAL there is of it.
 */
final class Timelines {
    private final TreeMap<TimelineId, Known> known = new TreeMap<>();
    private final Map<TimelineId, SegmentRuns> wal;
    private final WalSegmentSize size;

    /**
     * A timeline with its history file.
     *
     * @param begun when the file was archived, which is soon after the promotion that made it
     */
    record Known(TimelineHistory history, @Nullable Instant begun) {}

    /** @param backedUp timelines that backups lie on: of one without history file it is known that it exists */
    Timelines(
            Map<TimelineId, Known> histories,
            Map<TimelineId, SegmentRuns> wal,
            TreeSet<TimelineId> backedUp,
            WalSegmentSize size) {
        this.wal = new HashMap<>(wal);
        this.size = size;
        known.putAll(histories);
        TimelineId first = TimelineId.FIRST;
        if (wal.containsKey(first) || backedUp.contains(first)) {
            known.putIfAbsent(first, new Known(TimelineHistory.none(first), null));
        }
    }

    WalSegmentSize size() {
        return size;
    }

    /** The newest first: PostgreSQL numbers each fork above all that it knows. */
    List<TimelineId> newestFirst() {
        return List.copyOf(known.descendingKeySet());
    }

    /** Empty for a timeline whose history file is not there, other than the first, which has none. */
    Optional<TimelinePath> path(TimelineId timeline) {
        return Optional.ofNullable(known.get(timeline)).map(found -> TimelinePath.of(found.history()));
    }

    /** Timelines that there is WAL of, but no history file. */
    List<TimelineId> withoutHistory() {
        return wal.keySet().stream()
                .filter(timeline -> !known.containsKey(timeline))
                .sorted()
                .toList();
    }

    /** When a timeline began; empty for one without history file, which was there from the start. */
    Optional<Instant> begun(TimelineId timeline) {
        return Optional.ofNullable(known.get(timeline)).map(Known::begun);
    }

    WalReach reach(TimelinePath path, Lsn from) {
        return WalReach.along(path, from, size, wal);
    }

    /** Timelines that have WAL of their own which the path does not go along, the newest first. */
    List<TimelineId> branchesOff(TimelinePath path) {
        List<TimelineId> branches = new ArrayList<>();
        for (Map.Entry<TimelineId, SegmentRuns> entry :
                new TreeMap<>(wal).descendingMap().entrySet()) {
            Optional<WalSegmentName> last = entry.getValue().last();
            if (last.isPresent() && leaves(path, entry.getKey(), last.get())) {
                branches.add(entry.getKey());
            }
        }
        return branches;
    }

    private boolean leaves(TimelinePath path, TimelineId timeline, WalSegmentName last) {
        Optional<TimelinePath.Leg> leg = path.leg(timeline);
        if (leg.isEmpty()) {
            return true;
        }
        Lsn end = leg.get().end();
        return end != null && last.end(size).isAfter(end);
    }

    /** One line a timeline, as a person draws the tree. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<TimelineId, Known> entry : known.entrySet()) {
            StringBuilder line =
                    new StringBuilder("timeline ").append(entry.getKey().number());
            List<TimelineHistory.Ancestor> ancestors =
                    entry.getValue().history().ancestors();
            if (!ancestors.isEmpty()) {
                TimelineHistory.Ancestor parent = ancestors.get(ancestors.size() - 1);
                line.append(": from timeline ").append(parent.timeline().number());
                line.append(" at ").append(parent.end());
            }
            SegmentRuns runs = wal.get(entry.getKey());
            line.append(ancestors.isEmpty() ? ": " : ", ");
            if (runs == null || runs.isEmpty()) {
                line.append("no WAL archived");
            } else {
                line.append("WAL archived to ").append(runs.last().orElseThrow().end(size));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
