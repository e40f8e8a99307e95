package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What a backup reports. */
enum BackupEvent implements EventKind {
    REPOSITORY_DROPPED("TM-BAC-001", Severity.WARN, "an optional repository failed and does not get this backup"),
    NOT_BACKED_UP("TM-BAC-002", Severity.WARN, "an entry of the data directory is not backed up"),
    BAD_BLOCKS("TM-BAC-003", Severity.ERROR, "blocks of a relation have wrong checksums"),
    WAITING_FOR_CHECKPOINT(
            "TM-BAC-004", Severity.INFO, "the server writes the checkpoint from which the backup begins"),
    WAITING_FOR_WAL("TM-BAC-005", Severity.INFO, "waiting for the backup's WAL to be archived"),
    SERVER_SAID("TM-BAC-006", Severity.WARN, "the server said during the backup");

    private final String code;
    private final Severity severity;
    private final String message;

    BackupEvent(String code, Severity severity, String message) {
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
