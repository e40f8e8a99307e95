package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.postgres.BaseBackupCommand.CheckpointMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the server.
 *
 * @param checkpoint at once, or spread over the time that the server has for one
 * @param maxRateKiB KiB a second that the server sends at most, 32 to 1 048 576; null for no limit
 * @param archiveTimeout how long none of the backup's WAL may arrive in a repository before the backup gives up
 * @param timeline that the server must be on, and may be though the repositories hold a later one; null to let them decide
 */
public record OnlineSettings(
        CheckpointMode checkpoint,
        @Nullable Integer maxRateKiB,
        Duration archiveTimeout,
        @Nullable TimelineId timeline) {}
