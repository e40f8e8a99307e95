package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What happens with keysets that a person should know although work goes on. */
enum KeysEvent implements EventKind {
    ROOT_NOT_CHECKED(
            "TM-KEY-001",
            Severity.WARN,
            "root not checked: whoever could write the repository may have chosen this keyset"),
    GENERATION_REFUSED("TM-KEY-002", Severity.WARN, "keyset generation does not count, a lower one is used"),
    MEMORY_NOT_READ("TM-KEY-003", Severity.WARN, "keyset generations used before are not known"),
    MEMORY_NOT_WRITTEN("TM-KEY-004", Severity.WARN, "keyset generation cannot be remembered"),
    ROLLED_BACK("TM-KEY-005", Severity.WARN, "the repository offers an older keyset generation than was used before"),
    SAVING_NOT_WRITTEN(
            "TM-KEY-006",
            Severity.DEBUG,
            "what was found in the repository cannot be remembered: it is listed again each time");

    private final String code;
    private final Severity severity;
    private final String message;

    KeysEvent(String code, Severity severity, String message) {
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
