package io.tidemark.pipeline.catalog.manifest;

/** How a file's bytes are stored against how they lay on the origin. */
public enum FileState {
    /** As they lay there, and nothing was encrypted. */
    PLAIN("plain"),
    /** Decrypted: a restore encrypts them again with the key that the file names. */
    OPENED("opened"),
    /** As they lay there, still under pg_tde's encryption. */
    AS_FOUND("as-found");

    private final String word;

    FileState(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
