package io.tidemark.pipeline.archive;

import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;

/** What archive-push and archive-get tell. */
enum ArchiveEvent implements EventKind {
    STORED("TM-ARC-001", Severity.DEBUG, "stored"),
    ALREADY_STORED("TM-ARC-002", Severity.INFO, "already stored with the same content, nothing written"),
    OPTIONAL_FAILED("TM-ARC-003", Severity.WARN, "optional repository failed and lags behind"),
    OPTIONAL_LAGS("TM-ARC-004", Severity.WARN, "optional repository is too slow and lags behind"),
    FOREIGN_NAME(
            "TM-ARC-005",
            Severity.ERROR,
            "the name is held by an object that is damaged or forged, the file was stored beside it"),
    RIVAL_KEPT(
            "TM-ARC-006",
            Severity.ERROR,
            "other content is stored under this name, the offered file is kept as a rival"),
    DAMAGED_RECORD(
            "TM-ARC-007", Severity.WARN, "a WAL record fails its CRC, replay will stop there: take a base backup soon"),
    REQUIRED_FAILED("TM-ARC-008", Severity.ERROR, "required repository failed"),
    FETCHED("TM-ARC-011", Severity.INFO, "fetched"),
    FOREIGN_READ("TM-ARC-012", Severity.ERROR, "an object is damaged or forged, the one stored beside it is used"),
    IN_DOUBT("TM-ARC-013", Severity.WARN, "a repository could not say whether it has the file"),
    RETRYING("TM-ARC-014", Severity.WARN, "in doubt, asking again"),
    STANDBY_TOLD_ABSENT(
            "TM-ARC-015",
            Severity.ERROR,
            "in doubt, but a standby only asks again later: answering as if it were absent");

    private final String code;
    private final Severity severity;
    private final String message;

    ArchiveEvent(String code, Severity severity, String message) {
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
