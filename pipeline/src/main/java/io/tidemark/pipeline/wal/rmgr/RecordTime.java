package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.pipeline.wal.RmgrId;
import io.tidemark.pipeline.wal.WalRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * When a record was written, of those that {@code recovery_target_time} is compared with: commits, aborts, restore points. Also
 * of records whose main data are not held whole.
 *
 * <p>Source: PostgreSQL 17, src/backend/access/transam/xlogrecovery.c, getRecordTimestamp.
 */
public final class RecordTime {
    private RecordTime() {}

    public static Optional<Instant> of(WalRecord record) {
        if (!tellsTime(record) || record.mainData().remaining() < Long.BYTES) {
            return Optional.empty();
        }
        return Optional.of(new Fields(record.mainData()).timestamp("time"));
    }

    private static boolean tellsTime(WalRecord record) {
        if (record.resourceManager().equals(RmgrId.XLOG)) {
            return record.operation() == XlogReader.RESTORE_POINT;
        }
        return record.resourceManager().equals(RmgrId.XACT)
                && switch (record.operation() & XactReader.OPERATION) {
                    case XactReader.COMMIT, XactReader.COMMIT_PREPARED, XactReader.ABORT, XactReader.ABORT_PREPARED ->
                        true;
                    default -> false;
                };
    }
}
