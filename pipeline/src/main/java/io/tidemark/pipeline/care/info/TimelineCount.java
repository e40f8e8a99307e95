package io.tidemark.pipeline.care.info;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.info.RootInfo.Gap;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.CatalogName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts one timeline's objects as their names come, in order. One use, one thread; holds a bounded number of gaps. */
final class TimelineCount {
    private static final int MOST_GAPS = 20;

    private final TimelineId timeline;
    private final @Nullable WalSegmentSize size;
    private final List<Gap> gaps = new ArrayList<>();
    private boolean history;
    private @Nullable WalSegmentName first;
    private @Nullable WalSegmentName last;
    private long segments;
    private long storedBytes;
    private long missing;
    private long partials;
    private long asFound;
    private long again;

    TimelineCount(TimelineId timeline, @Nullable WalSegmentSize size) {
        this.timeline = timeline;
        this.size = size;
    }

    void add(CatalogName name, long sizeBytes) {
        storedBytes += sizeBytes;
        switch (name.kind()) {
            case HISTORY -> history = true;
            case SEGMENT -> whole(((CatalogName.Segment) name).segment());
            case AS_FOUND -> {
                asFound++;
                whole(((CatalogName.AsFound) name).segment());
            }
            case PARTIAL -> partials++;
            case AGAIN -> {
                again++;
                CatalogName original = ((CatalogName.Again) name).original();
                if (original instanceof CatalogName.Segment segment) {
                    whole(segment.segment());
                }
            }
            case BACKUP_HISTORY -> {}
            case MARKER,
                    GENERATION,
                    RIVAL,
                    STREAM_PIECE,
                    CAPTURE,
                    CAPTURE_KEYS,
                    INTENT,
                    PACK,
                    MANIFEST,
                    TOMBSTONE,
                    TOMBSTONE_DECISION,
                    INDEX -> throw new IllegalStateException(name.objectName() + " lies under no timeline");
        }
    }

    Timeline result() {
        return new Timeline(
                timeline,
                history,
                first,
                last,
                segments,
                storedBytes,
                size == null ? -1 : missing,
                gaps,
                partials,
                asFound,
                again);
    }

    private void whole(WalSegmentName segment) {
        WalSegmentName before = last;
        if (segment.equals(before)) {
            return;
        }
        segments++;
        last = segment;
        if (first == null) {
            first = segment;
        }
        if (before != null && size != null && before.fits(size) && segment.fits(size)) {
            WalSegmentName expected = before.next(size);
            long lacking = Long.divideUnsigned(segment.start(size).distanceFrom(expected.start(size)), size.bytes());
            if (lacking > 0) {
                missing += lacking;
                if (gaps.size() < MOST_GAPS) {
                    gaps.add(new Gap(expected, segment.previous(size), lacking));
                }
            }
        }
    }
}
