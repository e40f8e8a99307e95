package io.tidemark.pipeline.catalog.manifest;

/** What a manifest is of. */
public enum BackupKind {
    FULL("full"),
    INCREMENTAL("incremental"),
    /** No backup: a place taken so that a late one cannot appear any more (docs/FORMAT.md section 5). */
    ABANDONED("abandoned");

    private final String word;

    BackupKind(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
