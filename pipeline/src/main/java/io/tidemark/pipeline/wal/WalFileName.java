package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * The names of the files that PostgreSQL archives and asks for. {@link #toString} is the name that {@link #parse} read. Source:
 * PostgreSQL 17, src/include/access/xlog_internal.h, IsXLogFileName and its neighbours.
 */
public sealed interface WalFileName {

    TimelineId timeline();

    /** A whole segment, 24 hex digits. */
    record Segment(WalSegmentName name) implements WalFileName {
        @Override
        public TimelineId timeline() {
            return name.timeline();
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }

    /** The last segment of a timeline that was left, up to where it was written. */
    record Partial(WalSegmentName name) implements WalFileName {
        @Override
        public TimelineId timeline() {
            return name.timeline();
        }

        @Override
        public String toString() {
            return name + ".partial";
        }
    }

    /**
     * A backup's label, as history.
     *
     * @param offset of the backup's start in the segment, unsigned
     */
    record BackupHistory(WalSegmentName name, int offset) implements WalFileName {
        @Override
        public TimelineId timeline() {
            return name.timeline();
        }

        @Override
        public String toString() {
            return name + "." + Grammar.hex8(offset) + ".backup";
        }
    }

    /** A timeline's history. */
    record History(TimelineId timeline) implements WalFileName {
        @Override
        public String toString() {
            return timeline + ".history";
        }
    }

    /** Empty for a name that PostgreSQL does not make. */
    static Optional<WalFileName> parse(String name) {
        Matcher parts = Grammar.NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            if (parts.group("history") != null) {
                return Optional.of(new History(TimelineId.parse(parts.group("timeline"))));
            }
            WalSegmentName segment = WalSegmentName.parse(parts.group("segment"));
            if (parts.group("offset") != null) {
                return Optional.of(new BackupHistory(segment, Integer.parseUnsignedInt(parts.group("offset"), 16)));
            }
            return Optional.of(parts.group("partial") != null ? new Partial(segment) : new Segment(segment));
        } catch (IllegalArgumentException timelineZero) {
            return Optional.empty();
        }
    }
}
