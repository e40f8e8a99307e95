package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.pipeline.wal.RmgrId;
import io.tidemark.pipeline.wal.WalRecord;

/**
 * Main data that nothing is known of.
 *
 * @param operation the resource manager's number of the kind of record
 * @param detail in words; empty where the reason says it all
 */
public record NotRead(RmgrId resourceManager, int operation, Reason reason, String detail) implements MainData {

    /** Why not. */
    public enum Reason {
        OTHER_RESOURCE_MANAGER,
        /** One that the resource manager has not had up to now. */
        UNKNOWN_OPERATION,
        /** Longer than the reader holds. */
        TOO_LONG,
        /** They have not the shape that the record's kind has in this version. */
        MALFORMED
    }

    static NotRead of(WalRecord record, Reason reason, String detail) {
        return new NotRead(record.resourceManager(), record.operation(), reason, detail);
    }
}
