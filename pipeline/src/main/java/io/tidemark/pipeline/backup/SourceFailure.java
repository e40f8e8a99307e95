package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What an error of the file system means for a backup. */
final class SourceFailure {
    private SourceFailure() {}

    /** While the data directory was read. */
    static TidemarkException ofSource(IOException e) {
        String file = e instanceof FileSystemException failed && failed.getFile() != null
                ? failed.getFile()
                : "a file of the data directory";
        if (e instanceof AccessDeniedException) {
            return new UsageError(
                    "no permission to read " + file, "run the backup as the owner of the data directory", e);
        }
        if (e instanceof NoSuchFileException) {
            return new RefusedForSafety(file + " vanished while it was read: the directory is not stopped", e);
        }
        return new IntegrityFailed("reading " + file + " failed: " + e.getMessage(), e);
    }

    /** While the manifest was sorted in the temporary directory. */
    static TidemarkException ofSpill(IOException e) {
        return new StoreFailed(
                "the temporary file for sorting the manifest failed: " + e.getMessage(),
                "set TMPDIR to a directory with room for about 300 bytes a file of the cluster",
                e);
    }
}
