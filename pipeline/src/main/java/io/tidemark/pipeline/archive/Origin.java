package io.tidemark.pipeline.archive;

import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The data directory that a command was run for, and what identifies its cluster. Blocking: for the file scheduler.
 *
 * @param directory as it can be reached from this process, perhaps relative: PostgreSQL's own working directory
 */
public record Origin(Path directory, SystemIdentifier system, WalSegmentSize segmentSize) {
    /** The server rewrites the file in place, so a read may meet half of it. */
    private static final int READS = 5;

    /**
     * Finds the data directory: PostgreSQL runs its commands in it, so the working directory decides where it is one;
     * otherwise the configured one.
     *
     * @param workingDirectory as seen by this process; a relative empty path is the process's own
     * @throws UsageError where neither is a data directory
     */
    public static Origin find(@Nullable Path configured, Path workingDirectory) {
        if (Files.exists(workingDirectory.resolve(PgControl.PATH))) {
            return read(workingDirectory);
        }
        if (configured == null) {
            throw new UsageError(
                    "no data directory: none is configured, and the working directory has no " + PgControl.PATH,
                    "set cluster.<name>.data-directory, or run the command where PostgreSQL runs it");
        }
        return read(configured);
    }

    /** Reads what identifies the cluster in this directory. */
    static Origin read(Path directory) {
        Path file = directory.resolve(PgControl.PATH);
        IntegrityFailed torn = null;
        for (int i = 0; i < READS; i++) {
            try {
                PgControl control = PgControl.read(directory);
                return new Origin(directory, new SystemIdentifier(control.systemIdentifier()), control.segmentSize());
            } catch (NoSuchFileException e) {
                throw new UsageError(directory + " is no data directory: it has no " + PgControl.PATH, e);
            } catch (IOException e) {
                throw new PostgresFailed("cannot read " + file + ": " + e, e);
            } catch (IntegrityFailed e) {
                torn = e;
            }
        }
        throw new IntegrityFailed(file + " cannot be read after " + READS + " attempts", torn);
    }

    /**
     * Refuses a directory whose server encrypts its WAL: what lies in pg_wal is of no use without keys that this version
     * does not read.
     */
    void requireNoEncryptedWal() {
        Path keys = directory.resolve("pg_tde").resolve("wal_keys");
        try {
            if (Files.exists(keys) && Files.size(keys) > 0) {
                throw new NotInThisVersion(
                        "archiving WAL that pg_tde encrypts is not in this version: " + keys + " holds keys");
            }
        } catch (IOException e) {
            throw new PostgresFailed("cannot read " + keys + ": " + e, e);
        }
    }

    boolean isStandby() {
        return Files.exists(directory.resolve("standby.signal"));
    }

    /** Somebody has asked the server to stop being a standby: what it is told now decides where its recovery ends. */
    boolean isBeingPromoted() {
        return Files.exists(directory.resolve("promote"));
    }
}
