package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records of the log about itself. Numbers of transactions, multixacts and objects are unsigned 32 bits in a long.
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/catalog/pg_control.h, src/include/access/xlog_internal.h.
 */
public sealed interface XlogData extends MainData {

    /** {@code wal_level}, in PostgreSQL's order. */
    enum WalLevel {
        MINIMAL,
        REPLICA,
        LOGICAL
    }

    /** When a checkpoint was made. */
    enum CheckpointKind {
        SHUTDOWN,
        ONLINE
    }

    /** What a parameter of two values was. */
    enum Setting {
        OFF,
        ON;

        static Setting of(boolean on) {
            return on ? ON : OFF;
        }
    }

    /**
     * @param redo where replay begins that starts from this checkpoint
     * @param previousTimeline another than {@code timeline} where the checkpoint begins it
     * @param walLevel null before PostgreSQL 17, which does not say it
     * @param nextXid with its epoch, 64 bits
     * @param time in seconds
     */
    record Checkpoint(
            CheckpointKind kind,
            Lsn redo,
            TimelineId timeline,
            TimelineId previousTimeline,
            Setting fullPageWrites,
            @Nullable WalLevel walLevel,
            long nextXid,
            long nextOid,
            Multixacts multixacts,
            OldestTransaction oldestTransaction,
            Instant time,
            CommitTimestamps commitTimestamps,
            long oldestActiveXid)
            implements XlogData {}

    /** The next multixact and the oldest that is needed. */
    record Multixacts(long next, long nextOffset, long oldest, long oldestDatabase) {}

    /** The oldest transaction that is not frozen everywhere. */
    record OldestTransaction(long xid, long database) {}

    /** Between which transactions commit times are kept; 0 for none. */
    record CommitTimestamps(long oldestXid, long newestXid) {}

    /** Where the next checkpoint's replay begins: since PostgreSQL 17. */
    record CheckpointRedo(WalLevel walLevel) implements XlogData {}

    /** Nothing happened. */
    record Noop() implements XlogData {}

    /** Object ids up to this one may be given out. */
    record NextOid(long oid) implements XlogData {}

    /** The rest of the segment is empty. */
    record Switch() implements XlogData {}

    /** An online backup that began at {@code start} ends: a copy is consistent from here on. */
    record BackupEnd(Lsn start) implements XlogData {}

    /** Parameters that a standby has to be able to follow have changed. */
    record ParameterChange(
            int maxConnections,
            int maxWorkerProcesses,
            int maxWalSenders,
            int maxPreparedTransactions,
            int maxLocksPerTransaction,
            WalLevel walLevel,
            Setting walLogHints,
            Setting trackCommitTimestamp)
            implements XlogData {}

    /** Something that {@code recovery_target_name} can name. */
    record RestorePoint(Instant time, String name) implements XlogData {}

    /** {@code full_page_writes} has changed. */
    record FullPageWrites(Setting setting) implements XlogData {}

    /**
     * A timeline begins, without a checkpoint.
     *
     * @param walLevel null before PostgreSQL 17, which does not say it
     */
    record EndOfRecovery(
            Instant time,
            TimelineId timeline,
            TimelineId previousTimeline,
            @Nullable WalLevel walLevel) implements XlogData {}

    /** Pages whole, for a change that nothing else records; for hint bits, or not. */
    record FullPageImages(Cause cause) implements XlogData {}

    /** Why whole pages are logged. */
    enum Cause {
        HINT,
        OTHER
    }

    /** The record at {@code overwritten} was given up: a crash had cut it. */
    record OverwriteContrecord(Lsn overwritten, Instant time) implements XlogData {}

    /** PostgreSQL's number of a level, as the log has it. */
    static Optional<WalLevel> walLevel(int number) {
        WalLevel[] levels = WalLevel.values();
        return number >= 0 && number < levels.length ? Optional.of(levels[number]) : Optional.empty();
    }
}
