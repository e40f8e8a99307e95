package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.postgres.BaseBackupCommand.CheckpointMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the server.
 *
 * @param checkpoint at once, or spread over the time that the server has for one
 * @param maxRateKiB KiB a second that the server sends at most, 32 to 1 048 576; null for no limit
 * @param archiveTimeout how long none of the backup's WAL may arrive in a repository before the backup gives up
 */
public record OnlineSettings(
        CheckpointMode checkpoint, @Nullable Integer maxRateKiB, Duration archiveTimeout) {}
