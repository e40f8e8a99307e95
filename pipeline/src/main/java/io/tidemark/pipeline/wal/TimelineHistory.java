package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A timeline's ancestors and where each was left, as its {@code .history} file tells it. Timeline 1 has no file and no
 * ancestors. Source: PostgreSQL 17, src/backend/access/transam/timeline.c, readTimeLineHistory.
 *
 * @param ancestors oldest first
 */
public record TimelineHistory(TimelineId timeline, List<Ancestor> ancestors) {
    /** A few hundred bytes an entry, at most a few thousand entries: anything larger is no history file. */
    public static final int MAX_BYTES = 1 << 20;

    // PostgreSQL's own reader: "%u\t%X/%X", then a reason that nobody reads
    private static final Pattern ENTRY =
            Pattern.compile("\\s*([0-9]{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(\\s.*)?");

    /**
     * @param timeline that was left
     * @param end the first position that belongs to the next timeline
     */
    public record Ancestor(TimelineId timeline, Lsn end) {}

    public TimelineHistory {
        ancestors = List.copyOf(ancestors);
    }

    /** The history of a timeline that has no file. */
    public static TimelineHistory none(TimelineId timeline) {
        return new TimelineHistory(timeline, List.of());
    }

    /**
     * @param timeline whose file it is: from the file's name
     * @throws IllegalArgumentException for text that PostgreSQL would refuse, or ancestors that do not ascend
     */
    public static TimelineHistory parse(TimelineId timeline, String text) {
        List<Ancestor> ancestors = new ArrayList<>();
        TimelineId last = null;
        for (String line : text.split("\n", -1)) {
            String entry = line.strip();
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            Matcher parts = ENTRY.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException("no line of a timeline history: '" + printable(entry) + "'");
            }
            TimelineId parent = TimelineId.of(Long.parseLong(parts.group(1)));
            if (last != null && parent.compareTo(last) <= 0) {
                throw new IllegalArgumentException("timelines do not ascend: " + parent + " after " + last);
            }
            last = parent;
            ancestors.add(new Ancestor(parent, lsn(parts.group(2))));
        }
        if (last != null && last.compareTo(timeline) >= 0) {
            throw new IllegalArgumentException("the history of timeline " + timeline + " names timeline " + last);
        }
        return new TimelineHistory(timeline, ancestors);
    }

    /** Where an ancestor was left; empty where the timeline is none. */
    public Optional<Lsn> endOf(TimelineId ancestor) {
        return ancestors.stream()
                .filter(entry -> entry.timeline().equals(ancestor))
                .map(Ancestor::end)
                .findFirst();
    }

    /** The timeline that the byte at this position belongs to, on the way to this history's own. */
    public TimelineId ownerOf(Lsn position) {
        return ancestors.stream()
                .filter(entry -> position.isBefore(entry.end()))
                .map(Ancestor::timeline)
                .findFirst()
                .orElse(timeline);
    }

    private static Lsn lsn(String text) {
        int slash = text.indexOf('/');
        long high = Long.parseLong(text.substring(0, slash), 16);
        return new Lsn(high << 32 | Long.parseLong(text.substring(slash + 1), 16));
    }

    private static String printable(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= 60 ? plain : plain.substring(0, 60) + "...";
    }
}
