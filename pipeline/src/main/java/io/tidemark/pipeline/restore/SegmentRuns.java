package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which segments of one timeline a repository has, as runs without a gap: a run ends at the latest where the name's middle digits
 * change, for the segment size is not known while names are listed. So memory grows by gaps and by 4 GiB of WAL, not by segments.
 */
final class SegmentRuns {
    private final NavigableMap<WalSegmentName, Run> byFirst = new TreeMap<>();

    /** @param storedBytes of all its objects together */
    record Run(WalSegmentName first, WalSegmentName last, long count, long storedBytes) {
        private boolean takes(WalSegmentName next) {
            return next.log() == last.log() && next.segment() == last.segment() + 1;
        }

        /** Bytes of a part of the run, as if all its objects were alike. */
        long storedBytesOf(long part) {
            return part == count ? storedBytes : Math.round((double) storedBytes / count * part);
        }
    }

    /** Takes names in their order; a name that came before counts once, its bytes twice (two forms of one file). */
    void add(WalSegmentName segment, long storedBytes) {
        Run last = byFirst.isEmpty() ? null : byFirst.lastEntry().getValue();
        if (last != null && last.last().equals(segment)) {
            put(new Run(last.first(), segment, last.count(), last.storedBytes() + storedBytes));
        } else if (last != null && last.takes(segment)) {
            put(new Run(last.first(), segment, last.count() + 1, last.storedBytes() + storedBytes));
        } else {
            put(new Run(segment, segment, 1, storedBytes));
        }
    }

    private void put(Run run) {
        byFirst.put(run.first(), run);
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /** The run that a segment lies in. */
    Optional<Run> runOf(WalSegmentName segment) {
        var entry = byFirst.floorEntry(segment);
        return entry == null || entry.getValue().last().compareTo(segment) < 0
                ? Optional.empty()
                : Optional.of(entry.getValue());
    }

    /** The first segment that is there at or behind a name. */
    Optional<WalSegmentName> firstFrom(WalSegmentName segment) {
        if (runOf(segment).isPresent()) {
            return Optional.of(segment);
        }
        return Optional.ofNullable(byFirst.ceilingKey(segment));
    }

    Optional<WalSegmentName> first() {
        return byFirst.isEmpty() ? Optional.empty() : Optional.of(byFirst.firstKey());
    }

    Optional<WalSegmentName> last() {
        return byFirst.isEmpty()
                ? Optional.empty()
                : Optional.of(byFirst.lastEntry().getValue().last());
    }

    /** Whether every name is one that a cluster with this segment size has. */
    boolean fits(WalSegmentSize size) {
        return byFirst.values().stream().allMatch(run -> run.last().fits(size));
    }
}
