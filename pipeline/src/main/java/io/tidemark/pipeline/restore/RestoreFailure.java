package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.TidemarkException;

/** Errors of the file system that is restored to, in words. */
final class RestoreFailure {
    private RestoreFailure() {}

    /** A file that could not be written: the disk is full, or somebody stands in the way. Nothing was put over anything. */
    static TidemarkException writing(String what, Throwable cause) {
        Throwable reason = cause.getCause() == null ? cause : cause.getCause();
        return new StoreFailed(
                "cannot write '" + what + "': " + reason,
                "the restore is unfinished and its directory cannot be started: mend the cause and run it again",
                cause);
    }
}
