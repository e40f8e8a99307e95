package io.tidemark.pipeline.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code backup}.
 *
 * @param checkpoint how the server is asked to write the checkpoint from which a backup begins
 * @param maxRateBytes a second, that the server sends at most; null for no limit
 * @param archiveTimeout how long none of a backup's WAL may arrive before the backup gives up
 */
public record BackupDefaults(
        Checkpoint checkpoint, @Nullable Long maxRateBytes, Duration archiveTimeout) {
    /** PostgreSQL's two ways. */
    public enum Checkpoint {
        SPREAD,
        FAST
    }

    /** With what a command line says. @throws UsageError naming what was expected */
    public BackupDefaults withCheckpoint(String text) {
        return new BackupDefaults(read("--checkpoint", Settings.BACKUP_CHECKPOINT, text), maxRateBytes, archiveTimeout);
    }

    /** With what a command line says. @throws UsageError naming what was expected */
    public BackupDefaults withMaxRate(String text) {
        return new BackupDefaults(checkpoint, read("--max-rate", Settings.BACKUP_MAX_RATE, text), archiveTimeout);
    }

    private static <T> T read(String option, Setting<T> setting, String text) {
        return setting.type()
                .parse(text)
                .orElseThrow(() -> new UsageError(
                        option + " '" + text + "', expected " + setting.type().expected()));
    }
}
