package io.tidemark.pipeline.restore;

/** Told how a restore goes on; called from any thread, never blocks for long. */
public interface RestoreProgress {
    /** So many bytes of files more are in place. */
    void restored(long bytes);

    /** Everything is written; what is left is fsync of directories and the last names. */
    default void finishing() {}

    /** Nobody looks. */
    static RestoreProgress silent() {
        return bytes -> {};
    }
}
