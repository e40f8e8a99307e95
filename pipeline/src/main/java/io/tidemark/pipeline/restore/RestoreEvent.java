package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What a restore reports. */
enum RestoreEvent implements EventKind {
    REPOSITORY_LOST(
            "TM-RES-001",
            Severity.WARN,
            "the repository failed in the middle of the restore: whether another one can meet the target is looked for"),
    TAKEN_OVER("TM-RES-002", Severity.WARN, "the restore begins again from another repository, by a plan of its own"),
    NOT_TAKEN_OVER("TM-RES-003", Severity.ERROR, "no other repository can take the restore over");

    private final String code;
    private final Severity severity;
    private final String message;

    RestoreEvent(String code, Severity severity, String message) {
        this.code = code;
        this.severity = severity;
        this.message = message;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public Severity severity() {
        return severity;
    }

    @Override
    public String message() {
        return message;
    }
}
