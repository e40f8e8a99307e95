package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.pipeline.wal.WalRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link XactData}.
 *
 * <pre>
 * commit, abort: time (8) ‖ [flags (4)] ‖ [database (4) ‖ tablespace (4)] ‖ [n (4) ‖ subtransactions (4 each)] ‖ [n (4) ‖
 *                relations (12 each)] ‖ [n (4) ‖ statistics (12 each, 16 since 18)] ‖ commit: [n (4) ‖ invalidations (16 each)]
 *                ‖ [xid (4)] ‖ [global identifier, NUL] ‖ [origin's LSN (8) ‖ origin's time (8)]
 * prepare:       magic (4) ‖ length (4) ‖ xid (4) ‖ database (4) ‖ time (8) ‖ owner (4) ‖ numbers of: subtransactions, relations
 *                dropped by commit, by abort, statistics by commit, by abort, invalidations (6 × 4) ‖ flag (1) ‖ pad (1)
 *                ‖ length of the identifier (2) ‖ origin's LSN (8) ‖ origin's time (8) ‖ global identifier, NUL ‖ what else it needs
 * </pre>
 */
final class XactReader {
    static final int OPERATION = 0x70;
    static final int COMMIT = 0x00;
    static final int ABORT = 0x20;
    static final int COMMIT_PREPARED = 0x30;
    static final int ABORT_PREPARED = 0x40;

    private static final int PREPARE = 0x10;
    private static final int ASSIGNMENT = 0x50;
    private static final int INVALIDATIONS = 0x60;
    private static final int HAS_FLAGS = 0x80;

    private static final int HAS_DATABASE = 0x1;
    private static final int HAS_SUBTRANSACTIONS = 0x2;
    private static final int HAS_RELATIONS = 0x4;
    private static final int HAS_INVALIDATIONS = 0x8;
    private static final int HAS_PREPARED = 0x10;
    private static final int HAS_ORIGIN = 0x20;
    private static final int HAS_GLOBAL_IDENTIFIER = 0x80;
    private static final int HAS_STATISTICS = 0x100;

    private static final int INVALIDATION_BYTES = 16;
    private static final int PREPARE_MAGIC = 0x57F94534;
    /** GIDSIZE, with its NUL. */
    private static final int MOST_IDENTIFIER_BYTES = 200;

    private XactReader() {}

    /** Null for an operation that is not known. */
    static @Nullable MainData read(WalRecord record, Fields in) {
        return switch (record.operation() & OPERATION) {
            case COMMIT, COMMIT_PREPARED -> new XactData.Commit(completion(record, in));
            case ABORT, ABORT_PREPARED -> new XactData.Abort(completion(record, in));
            case PREPARE -> prepare(in);
            case ASSIGNMENT -> new XactData.Assignment(in.unsigned("xid"), in.passArray("subtransactions", 4));
            case INVALIDATIONS -> new XactData.Invalidations(in.passArray("invalidations", INVALIDATION_BYTES));
            default -> null;
        };
    }

    private static XactData.Completion completion(WalRecord record, Fields in) {
        Instant time = in.timestamp("time");
        int flags = (record.info() & HAS_FLAGS) != 0 ? in.number("flags") : 0;
        if ((flags & HAS_DATABASE) != 0) {
            in.skip("database", 8);
        }
        int subtransactions = (flags & HAS_SUBTRANSACTIONS) != 0 ? in.passArray("subtransactions", 4) : 0;
        List<RelFileLocator> relations = (flags & HAS_RELATIONS) != 0 ? in.relations("dropped relations") : List.of();
        int statistics = (flags & HAS_STATISTICS) != 0
                ? in.passArray("dropped statistics", record.postgresMajor() < 18 ? 12 : 16)
                : 0;
        int invalidations = (flags & HAS_INVALIDATIONS) != 0 ? in.passArray("invalidations", INVALIDATION_BYTES) : 0;
        XactData.Prepared prepared = null;
        if ((flags & HAS_PREPARED) != 0) {
            prepared = new XactData.Prepared(
                    in.unsigned("prepared xid"),
                    (flags & HAS_GLOBAL_IDENTIFIER) != 0 ? in.text("global identifier") : "");
        }
        XactData.Origin origin = (flags & HAS_ORIGIN) != 0
                ? new XactData.Origin(in.lsn("origin's LSN"), in.timestamp("origin's time"))
                : null;
        return new XactData.Completion(time, subtransactions, relations, statistics, invalidations, prepared, origin);
    }

    private static XactData prepare(Fields in) {
        int magic = in.number("magic");
        if (magic != PREPARE_MAGIC) {
            throw new Fields.Malformed("a prepared transaction has magic 0x" + Integer.toHexString(magic));
        }
        in.skip("length", 4);
        long xid = in.unsigned("xid");
        long database = in.unsigned("database");
        Instant time = in.timestamp("time");
        in.skip("owner", 4);
        int subtransactions = in.number("subtransactions");
        int byCommit = in.number("relations dropped by commit");
        int byAbort = in.number("relations dropped by abort");
        in.skip("numbers of statistics and invalidations, flag", 14);
        int identifierBytes = in.shortNumber("length of the global identifier");
        Lsn originLsn = in.lsn("origin's LSN");
        Instant originTime = in.timestamp("origin's time");
        if (identifierBytes > MOST_IDENTIFIER_BYTES) {
            throw new Fields.Malformed("a global identifier of " + identifierBytes + " bytes");
        }
        String identifier = in.text("global identifier", identifierBytes);
        requireIn(in, subtransactions, byCommit, byAbort);
        return new XactData.Prepare(
                xid,
                identifier,
                time,
                database,
                subtransactions,
                byCommit,
                byAbort,
                originLsn.isValid() ? new XactData.Origin(originLsn, originTime) : null);
    }

    /** The lists themselves are passed over with the rest, but they have to be there. */
    private static void requireIn(Fields in, int subtransactions, int byCommit, int byAbort) {
        if (subtransactions < 0 || byCommit < 0 || byAbort < 0) {
            throw new Fields.Malformed("a negative number of subtransactions or relations");
        }
        long least = 4L * subtransactions + 12L * byCommit + 12L * byAbort;
        in.skip(
                "lists of " + subtransactions + " subtransactions, " + byCommit + " and " + byAbort + " relations",
                least);
        in.skip("state of the prepared transaction", in.remaining());
    }
}
