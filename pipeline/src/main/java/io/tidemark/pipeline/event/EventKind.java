package io.tidemark.pipeline.event;

/**
 * One kind of event; each package keeps its own as an enum, so that codes and messages stand in one list:
 *
 * <pre>{@code
 * enum ArchiveEvent implements EventKind {
 *     STORED("TM-ARC-001", Severity.INFO, "file archived");
 * }
 * }</pre>
 */
public interface EventKind {
    /** {@code TM-<package>-<number>}; never reused, for scripts and alarms. */
    String code();

    Severity severity();

    /** Constant, lower case: what differs from time to time is in the event's fields. */
    String message();
}
