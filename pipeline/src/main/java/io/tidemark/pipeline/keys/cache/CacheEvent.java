package io.tidemark.pipeline.keys.cache;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What a person should know of kept keys although work goes on. */
enum CacheEvent implements EventKind {
    NOT_REFRESHED(
            "TM-KPR-001",
            Severity.WARN,
            "the key server was asked ahead of time in vain: the kept key is used on within its lifetime"),
    USED_ALONE("TM-KPR-002", Severity.WARN, "the key server cannot be reached: a kept key is used beyond its lifetime"),
    WITHDRAWN("TM-KPR-003", Severity.WARN, "the key server gives a key no longer: the kept one was wiped");

    private final String code;
    private final Severity severity;
    private final String message;

    CacheEvent(String code, Severity severity, String message) {
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
