package io.tidemark.pipeline.care.check.server;

import static java.util.Objects.requireNonNull;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.QueryResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A restore point that was set, and where it lies.
 *
 * @param segment that holds all of its record
 */
record RestorePoint(String name, WalSegmentName segment, WalSegmentSize size) {
    /** Its record: header 24, data header 2, time 8, name 64; aligned. Source: PostgreSQL 17, xl_restore_point. */
    private static final int RECORD_BYTES = 104;

    private static final int WAL_BLOCK_BYTES = 8192;
    private static final int ATTEMPTS = 8;

    /**
     * Sets it, again if need be, until its record lies on one page: across the border of two, the second one's header
     * would stand in the middle of the name.
     *
     * @param name letters, digits and hyphens
     */
    static Mono<RestorePoint> set(PostgresConnection connection, String name, ServerState state) {
        long bytes = state.number("wal_segment_size").orElse(WalSegmentSize.DEFAULT.bytes());
        WalSegmentSize size = new WalSegmentSize((int) bytes);
        return connection
                .query("SELECT lsn, pg_catalog.pg_walfile_name(lsn) AS file FROM pg_catalog.pg_create_restore_point('"
                        + name + "') AS lsn")
                .mapNotNull(result -> whole(result.single(), name, size))
                .repeatWhenEmpty(ATTEMPTS, again -> again)
                .onErrorMap(
                        IllegalStateException.class,
                        never -> new PostgresFailed(
                                "no restore point of " + ATTEMPTS + " lies on one page of WAL", never));
    }

    private static @Nullable RestorePoint whole(QueryResult.Row row, String name, WalSegmentSize size) {
        Lsn end = Lsn.parse(requireNonNull(row.text("lsn")));
        TimelineId timeline =
                WalSegmentName.parse(requireNonNull(row.text("file"))).timeline();
        Lsn last = end.plus(-1);
        return isOnOnePage(end) ? new RestorePoint(name, WalSegmentName.of(timeline, last, size), size) : null;
    }

    static boolean isOnOnePage(Lsn end) {
        return end.plus(-1)
                .alignedDown(WAL_BLOCK_BYTES)
                .equals(end.plus(-RECORD_BYTES).alignedDown(WAL_BLOCK_BYTES));
    }
}
