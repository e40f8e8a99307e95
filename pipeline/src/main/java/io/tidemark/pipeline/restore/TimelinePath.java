package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.wal.TimelineHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one line through the tree of timelines that leads to a timeline: its legs, the oldest first, the last one open. */
record TimelinePath(List<Leg> legs) {

    /**
     * A part of the path that lies on one timeline.
     *
     * @param begin the first byte that is this timeline's own
     * @param end where it was left for the next one; null for the last
     */
    record Leg(TimelineId timeline, Lsn begin, @Nullable Lsn end) {
        boolean holds(Lsn lsn) {
            return !lsn.isBefore(begin) && (end == null || !lsn.isAfter(end));
        }
    }

    TimelinePath {
        legs = List.copyOf(legs);
    }

    /** @throws IllegalArgumentException where the history goes backwards */
    static TimelinePath of(TimelineHistory history) {
        List<Leg> legs = new ArrayList<>();
        Lsn begin = Lsn.INVALID;
        for (TimelineHistory.Ancestor ancestor : history.ancestors()) {
            if (ancestor.end().isBefore(begin)) {
                throw new IllegalArgumentException("history of timeline " + history.timeline() + ": timeline "
                        + ancestor.timeline() + " was left at " + ancestor.end() + ", before it began");
            }
            legs.add(new Leg(ancestor.timeline(), begin, ancestor.end()));
            begin = ancestor.end();
        }
        legs.add(new Leg(history.timeline(), begin, null));
        return new TimelinePath(legs);
    }

    TimelineId timeline() {
        return last().timeline();
    }

    Leg last() {
        return legs.get(legs.size() - 1);
    }

    /** Whether a position is on the path; the very point of a switch is on both sides of it. */
    boolean contains(WalLocation location) {
        return leg(location.timeline()).filter(leg -> leg.holds(location.lsn())).isPresent();
    }

    Optional<Leg> leg(TimelineId timeline) {
        return legs.stream().filter(leg -> leg.timeline().equals(timeline)).findFirst();
    }

    /** The timeline whose WAL the path has at a position. */
    TimelineId timelineAt(Lsn lsn) {
        TimelineId found = legs.get(0).timeline();
        for (Leg leg : legs) {
            if (!lsn.isBefore(leg.begin())) {
                found = leg.timeline();
            }
        }
        return found;
    }

    /**
     * The file in which recovery reads a segment. Where a switch lies in the segment, the newer timeline's file is read,
     * which begins with a copy of the older one's bytes ({@code XLogFileReadAnyTLI}).
     */
    WalSegmentName segmentAt(Lsn lsn, WalSegmentSize size) {
        return WalSegmentName.of(timelineAt(lsn.alignedDown(size.bytes()).plus(size.bytes() - 1L)), lsn, size);
    }

    /** Such as {@code 1 to 0/3000148, then 2}. */
    @Override
    public String toString() {
        return legs.stream()
                .map(leg -> leg.timeline().number() + (leg.end() == null ? "" : " to " + leg.end()))
                .collect(Collectors.joining(", then "));
    }
}
