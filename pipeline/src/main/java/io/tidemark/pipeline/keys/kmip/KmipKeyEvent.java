package io.tidemark.pipeline.keys.kmip;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What somebody should know of a key that is used all the same. */
enum KmipKeyEvent implements EventKind {
    KEY_COMPROMISED(
            "TM-KEY-007",
            Severity.WARN,
            "a key is marked as compromised at its server: it still opens what it closed, name another one and rotate"),
    KEY_RETIRED(
            "TM-KEY-008",
            Severity.WARN,
            "a key is deactivated at its server, and not every server gives such a key out: name another one and rotate");

    private final String code;
    private final Severity severity;
    private final String message;

    KmipKeyEvent(String code, Severity severity, String message) {
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
