package io.tidemark.pipeline.event;

import java.util.ArrayList;
import java.util.List;

/** One event: what happened and its particulars, in the order in which they were added. */
public record Event(EventKind kind, List<Field> fields) {

    /** A particular; the value is printed by {@code toString}, so no secrets. */
    public record Field(String name, String value) {}

    public Event {
        fields = List.copyOf(fields);
    }

    public static Event of(EventKind kind) {
        return new Event(kind, List.of());
    }

    public Event with(String name, Object value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, String.valueOf(value)));
        return new Event(kind, more);
    }

    public Event with(String name, long value) {
        return with(name, (Object) Long.toString(value));
    }
}
