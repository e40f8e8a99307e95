package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.wal.WalRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link XlogData}. {@code wal_level} came into what were padding bytes before, in PostgreSQL 17.
 *
 * <pre>
 * checkpoint: redo (8) ‖ timeline (4) ‖ previous (4) ‖ full_page_writes (1) ‖ pad (3) ‖ wal_level or pad (4) ‖ next xid (8)
 *             ‖ next oid (4) ‖ next multixact (4) ‖ its offset (4) ‖ oldest xid (4) ‖ its database (4) ‖ oldest multixact (4)
 *             ‖ its database (4) ‖ pad (4) ‖ time (8) ‖ oldest, newest commit timestamp's xid (4 + 4) ‖ oldest active xid (4) ‖ pad (4)
 * end of recovery: time (8) ‖ timeline (4) ‖ previous (4) ‖ since 17: wal_level (4) ‖ pad (4)
 * </pre>
 */
final class XlogReader {
    static final int RESTORE_POINT = 0x70;

    private static final int WAL_LEVEL_SINCE = 17;
    private static final int NAME_BYTES = 64;

    private XlogReader() {}

    /** Null for an operation that is not known. */
    static @Nullable MainData read(WalRecord record, Fields in) {
        return switch (record.operation()) {
            case 0x00 -> checkpoint(record, XlogData.CheckpointKind.SHUTDOWN, in);
            case 0x10 -> checkpoint(record, XlogData.CheckpointKind.ONLINE, in);
            case 0x20 -> noop(in);
            case 0x30 -> new XlogData.NextOid(in.unsigned("next oid"));
            case 0x40 -> new XlogData.Switch();
            case 0x50 -> new XlogData.BackupEnd(in.lsn("start of the backup"));
            case 0x60 -> parameterChange(in);
            case RESTORE_POINT -> new XlogData.RestorePoint(in.timestamp("time"), in.text("name", NAME_BYTES));
            case 0x80 -> new XlogData.FullPageWrites(setting("full_page_writes", in));
            case 0x90 -> endOfRecovery(record, in);
            case 0xa0 -> new XlogData.FullPageImages(XlogData.Cause.HINT);
            case 0xb0 -> new XlogData.FullPageImages(XlogData.Cause.OTHER);
            case 0xd0 -> new XlogData.OverwriteContrecord(in.lsn("overwritten record"), in.timestamp("time"));
            case 0xe0 -> record.postgresMajor() < WAL_LEVEL_SINCE ? null : new XlogData.CheckpointRedo(walLevel(in));
            default -> null;
        };
    }

    private static XlogData checkpoint(WalRecord record, XlogData.CheckpointKind kind, Fields in) {
        Lsn redo = in.lsn("redo");
        TimelineId timeline = in.timeline("timeline");
        TimelineId previous = in.timeline("previous timeline");
        XlogData.Setting fullPageWrites = setting("full_page_writes", in);
        in.skip("padding", 3);
        XlogData.WalLevel walLevel = walLevelOrPadding(record, in);
        long nextXid = in.wide("next xid");
        long nextOid = in.unsigned("next oid");
        long nextMultixact = in.unsigned("next multixact");
        long nextOffset = in.unsigned("next multixact offset");
        XlogData.OldestTransaction oldest =
                new XlogData.OldestTransaction(in.unsigned("oldest xid"), in.unsigned("its database"));
        XlogData.Multixacts multixacts = new XlogData.Multixacts(
                nextMultixact, nextOffset, in.unsigned("oldest multixact"), in.unsigned("its database"));
        in.skip("padding", 4);
        Instant time = in.seconds("time");
        XlogData.CommitTimestamps commitTimestamps =
                new XlogData.CommitTimestamps(in.unsigned("oldest commit time"), in.unsigned("newest commit time"));
        long oldestActive = in.unsigned("oldest active xid");
        in.skip("padding", 4);
        return new XlogData.Checkpoint(
                kind,
                redo,
                timeline,
                previous,
                fullPageWrites,
                walLevel,
                nextXid,
                nextOid,
                multixacts,
                oldest,
                time,
                commitTimestamps,
                oldestActive);
    }

    private static XlogData noop(Fields in) {
        // whatever it holds has no meaning
        in.skip("content", in.remaining());
        return new XlogData.Noop();
    }

    private static XlogData parameterChange(Fields in) {
        XlogData found = new XlogData.ParameterChange(
                in.number("max_connections"),
                in.number("max_worker_processes"),
                in.number("max_wal_senders"),
                in.number("max_prepared_transactions"),
                in.number("max_locks_per_transaction"),
                walLevel(in),
                setting("wal_log_hints", in),
                setting("track_commit_timestamp", in));
        in.skip("padding", 2);
        return found;
    }

    private static XlogData endOfRecovery(WalRecord record, Fields in) {
        Instant time = in.timestamp("time");
        TimelineId timeline = in.timeline("timeline");
        TimelineId previous = in.timeline("previous timeline");
        XlogData.WalLevel walLevel = null;
        if (record.postgresMajor() >= WAL_LEVEL_SINCE) {
            walLevel = walLevel(in);
            in.skip("padding", 4);
        }
        return new XlogData.EndOfRecovery(time, timeline, previous, walLevel);
    }

    private static XlogData.@Nullable WalLevel walLevelOrPadding(WalRecord record, Fields in) {
        if (record.postgresMajor() < WAL_LEVEL_SINCE) {
            in.skip("padding", 4);
            return null;
        }
        return walLevel(in);
    }

    private static XlogData.WalLevel walLevel(Fields in) {
        int number = in.number("wal_level");
        return XlogData.walLevel(number).orElseThrow(() -> new Fields.Malformed("wal_level is " + number));
    }

    private static XlogData.Setting setting(String what, Fields in) {
        return XlogData.Setting.of(in.flag(what));
    }
}
