package io.tidemark.it;

import io.tidemark.pipeline.wal.rmgr.XlogData;
import java.util.stream.Stream;

/** What pg_control says of the last checkpoint, and what its record says, in the same words. */
final class ControlCheckpoint {
    static final String QUESTION =
            "SELECT concat_ws(' ', redo_lsn, timeline_id, prev_timeline_id, CASE WHEN full_page_writes THEN 'ON' ELSE 'OFF' END,"
                    + " next_xid, next_oid, next_multixact_id, next_multi_offset, oldest_multi_xid, oldest_multi_dbid,"
                    + " oldest_xid, oldest_xid_dbid, extract(epoch FROM checkpoint_time)::bigint,"
                    + " oldest_commit_ts_xid, newest_commit_ts_xid, oldest_active_xid) FROM pg_control_checkpoint()";

    private ControlCheckpoint() {}

    static String answer(XlogData.Checkpoint checkpoint) {
        XlogData.Multixacts multixacts = checkpoint.multixacts();
        return Stream.of(
                        checkpoint.redo(),
                        checkpoint.timeline().number(),
                        checkpoint.previousTimeline().number(),
                        checkpoint.fullPageWrites(),
                        (checkpoint.nextXid() >>> 32) + ":" + (checkpoint.nextXid() & 0xffffffffL),
                        checkpoint.nextOid(),
                        multixacts.next(),
                        multixacts.nextOffset(),
                        multixacts.oldest(),
                        multixacts.oldestDatabase(),
                        checkpoint.oldestTransaction().xid(),
                        checkpoint.oldestTransaction().database(),
                        checkpoint.time().getEpochSecond(),
                        checkpoint.commitTimestamps().oldestXid(),
                        checkpoint.commitTimestamps().newestXid(),
                        checkpoint.oldestActiveXid())
                .map(String::valueOf)
                .reduce((all, next) -> all + " " + next)
                .orElseThrow();
    }
}
