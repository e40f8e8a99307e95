package io.tidemark.pipeline.postgres;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code READ_REPLICATION_SLOT}.
 *
 * @param type {@code physical}; of other slots the server tells nothing
 * @param restart from where the slot keeps WAL; null where it reserves none yet
 */
public record ReplicationSlot(
        String name,
        String type,
        @Nullable Lsn restart,
        @Nullable TimelineId restartTimeline) {}
