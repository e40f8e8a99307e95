package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.wal.TimelineHistory;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Archived WAL and histories for tests, by numbers: segments of 16 MiB, so that segment 3 begins at 0/3000000. */
final class Wal {
    static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

    private final Map<TimelineId, SegmentRuns> runs = new HashMap<>();
    private final Map<TimelineId, Timelines.Known> histories = new HashMap<>();
    private final TreeSet<TimelineId> backedUp = new TreeSet<>();

    static TimelineId timeline(int number) {
        return new TimelineId(number);
    }

    static WalSegmentName segment(int timeline, long number) {
        return WalSegmentName.of(timeline(timeline), new Lsn(number << 24), SIZE);
    }

    Wal has(int timeline, long first, long last) {
        for (long number = first; number <= last; number++) {
            runs.computeIfAbsent(timeline(timeline), t -> new SegmentRuns()).add(segment(timeline, number), 100);
        }
        return this;
    }

    /** The whole path is given: {@code 1\t0/5000100\twhy}. */
    Wal history(int timeline, String begun, String text) {
        histories.put(
                timeline(timeline),
                new Timelines.Known(TimelineHistory.parse(timeline(timeline), text), Instant.parse(begun)));
        return this;
    }

    Wal backedUp(int timeline) {
        backedUp.add(timeline(timeline));
        return this;
    }

    Timelines timelines() {
        return new Timelines(histories, runs, backedUp, SIZE);
    }

    WalReach reach(int timeline, String from) {
        return timelines().reach(timelines().path(timeline(timeline)).orElseThrow(), Lsn.parse(from));
    }
}
