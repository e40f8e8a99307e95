package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of how transactions end. Transaction numbers are unsigned 32 bits in a long.
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/access/xact.h.
 */
public sealed interface XactData extends MainData {

    /** Also of a prepared transaction: then {@link Completion#prepared} says of which. */
    record Commit(Completion completion) implements XactData {}

    /** Also of a prepared transaction: then {@link Completion#prepared} says of which. */
    record Abort(Completion completion) implements XactData {}

    /**
     * What a commit and an abort have in common.
     *
     * @param subtransactions how many end with it
     * @param droppedRelations whose files go with it, of commit or abort
     * @param droppedStatistics how many entries
     * @param invalidations how many messages to caches; none in an abort
     * @param prepared null for a transaction that was not prepared
     * @param origin null for one that was made here
     */
    record Completion(
            Instant time,
            int subtransactions,
            List<RelFileLocator> droppedRelations,
            int droppedStatistics,
            int invalidations,
            @Nullable Prepared prepared,
            @Nullable Origin origin) {
        public Completion {
            droppedRelations = List.copyOf(droppedRelations);
        }
    }

    /**
     * The prepared transaction that is committed or aborted.
     *
     * @param globalIdentifier empty where the log does not repeat it, which it does from {@code wal_level} logical on
     */
    record Prepared(long xid, String globalIdentifier) {}

    /** Where a replicated transaction was committed first, and when; which node it was, the record says. */
    record Origin(Lsn lsn, Instant time) {}

    /**
     * PREPARE TRANSACTION.
     *
     * @param origin null for one that was made here
     */
    record Prepare(
            long xid,
            String globalIdentifier,
            Instant time,
            long database,
            int subtransactions,
            int relationsDroppedByCommit,
            int relationsDroppedByAbort,
            @Nullable Origin origin)
            implements XactData {}

    /** Subtransactions are known to belong to a transaction. */
    record Assignment(long topLevelXid, int subtransactions) implements XactData {}

    /** Messages to caches, of a transaction that has not ended. */
    record Invalidations(int messages) implements XactData {}
}
