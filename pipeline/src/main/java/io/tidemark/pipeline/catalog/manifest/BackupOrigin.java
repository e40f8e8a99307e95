package io.tidemark.pipeline.catalog.manifest;

/** What the backup was taken from. */
public enum BackupOrigin {
    /** A running primary. */
    PRIMARY("primary"),
    /** A running standby. */
    STANDBY("standby"),
    /** A data directory whose server was stopped: it has no backup label, and restore writes none. */
    STOPPED("stopped");

    private final String word;

    BackupOrigin(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
