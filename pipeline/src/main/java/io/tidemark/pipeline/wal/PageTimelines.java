package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which timelines the pages on the way to one timeline may be of: its own or an ancestor's before it was left, ascending. */
final class PageTimelines {
    private final TimelineHistory history;
    private int last;

    /** @param history where none is known, only the timeline's own pages pass */
    PageTimelines(TimelineHistory history) {
        this.history = history;
    }

    /**
     * Takes the next page's.
     *
     * @param where the page is, in the caller's words
     * @return why it cannot be; null where it can
     */
    @Nullable
    String objection(int timeline, Lsn address, String where) {
        int own = history.timeline().value();
        String page = "a page of timeline " + Integer.toUnsignedString(timeline);
        if (timeline == 0
                || Integer.compareUnsigned(timeline, own) > 0
                || Integer.compareUnsigned(timeline, last) < 0) {
            return page + " " + where + (last == 0 ? "" : ", after one of " + Integer.toUnsignedString(last));
        }
        last = timeline;
        if (timeline == own) {
            return null;
        }
        Optional<Lsn> left = history.endOf(new TimelineId(timeline));
        if (left.isEmpty()) {
            return page + " " + where + ", which is no ancestor that the history of timeline " + history.timeline()
                    + " names";
        }
        return address.isBefore(left.get())
                ? null
                : page + " at " + address + ", but that timeline was left at " + left.get();
    }
}
