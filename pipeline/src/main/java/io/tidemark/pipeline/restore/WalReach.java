package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far WAL goes without a gap from one position along a path of timelines.
 *
 * @param first the segment where replay begins
 * @param through the last segment in a row; null where the first one is missing already
 * @param segments how many there are from first to through
 * @param storedBytes of these, in the repository, about
 * @param gaps behind {@code through}: what is missing before the next segment that is there; empty where nothing comes any more
 */
record WalReach(
        WalSegmentName first, @Nullable WalSegmentName through, long segments, long storedBytes, List<Gap> gaps) {
    /** A person reads the first few; the rest is counted by who looks closer. */
    private static final int MAX_GAPS = 20;

    /** Segments that are missing in a row, the first and the last one. */
    record Gap(WalSegmentName first, WalSegmentName last) {
        @Override
        public String toString() {
            return first.equals(last) ? first.toString() : first + " to " + last;
        }
    }

    WalReach {
        gaps = List.copyOf(gaps);
    }

    /** The first byte that is not there any more: the end of the last segment in a row, or where replay begins. */
    Lsn end(WalSegmentSize size) {
        return through == null ? first.start(size) : through.end(size);
    }

    static WalReach along(TimelinePath path, Lsn from, WalSegmentSize size, Map<TimelineId, SegmentRuns> wal) {
        return new Walk(path, size, wal).from(path.segmentAt(from, size));
    }

    /** One walk along the path, run by run. */
    private static final class Walk {
        private final TimelinePath path;
        private final WalSegmentSize size;
        private final Map<TimelineId, SegmentRuns> wal;
        private final List<Gap> gaps = new ArrayList<>();

        Walk(TimelinePath path, WalSegmentSize size, Map<TimelineId, SegmentRuns> wal) {
            this.path = path;
            this.size = size;
            this.wal = wal;
        }

        WalReach from(WalSegmentName first) {
            WalSegmentName through = null;
            long segments = 0;
            long bytes = 0;
            WalSegmentName at = first;
            Optional<SegmentRuns.Run> run = runOf(at);
            while (run.isPresent()) {
                WalSegmentName last = within(at, run.get().last());
                long part = distance(at, last) + 1;
                segments += part;
                bytes += run.get().storedBytesOf(part);
                through = last;
                at = path.segmentAt(last.end(size), size);
                run = runOf(at);
            }
            findGaps(at);
            return new WalReach(first, through, segments, bytes, gaps);
        }

        private void findGaps(WalSegmentName missing) {
            WalSegmentName at = missing;
            Optional<WalSegmentName> next = next(at);
            while (next.isPresent() && gaps.size() < MAX_GAPS) {
                Lsn before = next.get().start(size).plus(-1);
                gaps.add(new Gap(at, path.segmentAt(before, size)));
                WalSegmentName end = next.get();
                for (Optional<SegmentRuns.Run> run = runOf(end); run.isPresent(); run = runOf(end)) {
                    end = path.segmentAt(within(end, run.get().last()).end(size), size);
                }
                at = end;
                next = next(at);
            }
        }

        private Optional<SegmentRuns.Run> runOf(WalSegmentName segment) {
            SegmentRuns runs = wal.get(segment.timeline());
            return runs == null ? Optional.empty() : runs.runOf(segment);
        }

        /** A run may go on where the path has left its timeline: the segment of the switch is read from the newer one's file. */
        private WalSegmentName within(WalSegmentName at, WalSegmentName last) {
            Lsn end = path.leg(at.timeline()).map(TimelinePath.Leg::end).orElse(null);
            if (end == null) {
                return last;
            }
            WalSegmentName read = WalSegmentName.of(at.timeline(), end, size).previous(size);
            return read.compareTo(last) < 0 ? read : last;
        }

        /** The first segment behind a missing one that is there and that the path would read. */
        private Optional<WalSegmentName> next(WalSegmentName missing) {
            boolean reached = false;
            for (TimelinePath.Leg leg : path.legs()) {
                reached |= leg.timeline().equals(missing.timeline());
                SegmentRuns runs = wal.get(leg.timeline());
                if (!reached || runs == null) {
                    continue;
                }
                WalSegmentName from = leg.timeline().equals(missing.timeline())
                        ? missing
                        : WalSegmentName.of(leg.timeline(), leg.begin(), size);
                Optional<WalSegmentName> found = runs.firstFrom(from);
                if (found.isPresent() && isRead(found.get())) {
                    return found;
                }
            }
            return Optional.empty();
        }

        private boolean isRead(WalSegmentName segment) {
            return path.segmentAt(segment.start(size), size).equals(segment);
        }

        private long distance(WalSegmentName from, WalSegmentName to) {
            return Long.divideUnsigned(to.start(size).distanceFrom(from.start(size)), size.bytes());
        }
    }
}
