package io.tidemark.pipeline.event;

/**
 * Where events go. Called from any thread, never blocks for long and never throws: a log that is full must not stop archiving.
 */
@FunctionalInterface
public interface EventLog {
    void report(Event event);

    /** Nobody listens. */
    static EventLog silent() {
        return event -> {};
    }
}
