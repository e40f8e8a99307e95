package io.tidemark.pipeline;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What happens on the way to a store that a person should know although work goes on. */
enum StoreEvent implements EventKind {
    TRIED_AGAIN("TM-STO-001", Severity.WARN, "a request to a repository failed and is tried again");

    private final String code;
    private final Severity severity;
    private final String message;

    StoreEvent(String code, Severity severity, String message) {
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
