package io.tidemark.pipeline.postgres;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What the server's archiver has done and could not do, {@code pg_stat_archiver}, readable by every role.
 * Source: PostgreSQL 17, Monitoring Database Activity, pg_stat_archiver.
 *
 * @param archivedCount since the statistics were reset
 * @param lastArchived the file's name; null where none was archived since then
 * @param lastArchivedTime null with it
 * @param failedCount attempts, since the statistics were reset
 * @param lastFailed the file's name; null where none failed since then
 * @param lastFailedTime null with it
 * @param now the server's clock
 */
public record ArchiverState(
        long archivedCount,
        @Nullable String lastArchived,
        @Nullable Instant lastArchivedTime,
        long failedCount,
        @Nullable String lastFailed,
        @Nullable Instant lastFailedTime,
        Instant now) {
    private static final String QUERY = """
            SELECT archived_count, last_archived_wal, extract(epoch FROM last_archived_time) AS archived,
                   failed_count, last_failed_wal, extract(epoch FROM last_failed_time) AS failed,
                   extract(epoch FROM pg_catalog.clock_timestamp()) AS now
              FROM pg_catalog.pg_stat_archiver""";

    /** Asks over an SQL connection. */
    public static Mono<ArchiverState> read(PostgresConnection connection) {
        return connection.query(QUERY).map(result -> of(result.single()));
    }

    private static ArchiverState of(QueryResult.Row row) {
        return new ArchiverState(
                count(row.text("archived_count")),
                row.text("last_archived_wal"),
                row.epoch("archived"),
                count(row.text("failed_count")),
                row.text("last_failed_wal"),
                row.epoch("failed"),
                requireNonNullElse(row.epoch("now"), Instant.EPOCH));
    }

    private static long count(@Nullable String text) {
        return text == null ? 0 : Long.parseLong(text);
    }

    /** Whether the last thing that the archiver did was to fail. */
    public boolean isFailing() {
        Instant failed = lastFailedTime;
        Instant archived = lastArchivedTime;
        return failed != null && (archived == null || failed.isAfter(archived));
    }

    /** For a person: what goes wrong first. */
    public String words() {
        StringBuilder words = new StringBuilder();
        Instant failed = lastFailedTime;
        if (failed != null && isFailing()) {
            words.append("archiving of ")
                    .append(lastFailed)
                    .append(" fails, last tried ")
                    .append(ago(failed));
            words.append(" (")
                    .append(failedCount)
                    .append(failedCount == 1 ? " failure" : " failures")
                    .append("); ");
        }
        Instant archived = lastArchivedTime;
        if (archived == null) {
            words.append("nothing was archived yet");
        } else {
            words.append("last archived ").append(lastArchived).append(' ').append(ago(archived));
        }
        return words.toString();
    }

    private String ago(Instant then) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s ago";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min ago";
        }
        return seconds < 172_800 ? seconds / 3600 + " h ago" : seconds / 86_400 + " days ago";
    }
}
