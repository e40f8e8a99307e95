package io.tidemark.pipeline.postgres;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code IDENTIFY_SYSTEM}.
 *
 * @param systemIdentifier unsigned
 * @param flushed how far WAL is on disk
 * @param database null on a physical replication connection
 */
public record SystemIdentification(
        long systemIdentifier,
        TimelineId timeline,
        Lsn flushed,
        @Nullable String database) {}
