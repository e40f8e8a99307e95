package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The messages that answer one query, in order: columns, rows, the end. Unknown columns are passed on like others. */
final class QueryAnswer {
    /** Of a collected result: what does not fit is for {@link PostgresConnection#rows}. */
    static final int MOST_ROWS = 100_000;

    static final long MOST_BYTES = 16 << 20;

    private final String attempted;
    private final List<QueryResult.Row> collected = new ArrayList<>();
    private @Nullable List<String> columns;
    private long bytes;

    /** @param attempted which query, and where */
    QueryAnswer(String attempted) {
        this.attempted = attempted;
    }

    /** The row, where the message is one. Takes the message. */
    Optional<QueryResult.Row> row(BackendMessage message) {
        return switch (message.kind()) {
            case COLUMNS -> {
                if (columns != null) {
                    throw new PostgresFailed(attempted + ": more than one result came");
                }
                columns = ((BackendMessage.RowDescription) message).columns();
                yield Optional.empty();
            }
            case ROW -> Optional.of(row((BackendMessage.DataRow) message));
            case COMMAND_COMPLETE, EMPTY_QUERY, NOTICE, PARAMETER, NOTIFICATION, KEY_DATA -> Optional.empty();
            case AUTHENTICATION, NEGOTIATION, READY, COPY_OUT, COPY_DATA, COPY_DONE, ERROR -> {
                message.discard();
                throw outOfOrder(message);
            }
        };
    }

    private QueryResult.Row row(BackendMessage.DataRow row) {
        if (columns == null || columns.size() != row.values().size()) {
            throw outOfOrder(row);
        }
        return new QueryResult.Row(columns, row.values());
    }

    private PostgresFailed outOfOrder(BackendMessage message) {
        return new PostgresFailed(attempted + ": what came is not PostgreSQL's protocol: " + message.kind()
                + " in the answer to a query");
    }

    /** Keeps the row for {@link #result}. */
    void collect(BackendMessage message) {
        row(message).ifPresent(row -> {
            collected.add(row);
            bytes += row.sizeBytes();
            if (collected.size() > MOST_ROWS || bytes > MOST_BYTES) {
                throw new PostgresFailed(attempted + ": a result of more than " + MOST_ROWS + " rows or " + MOST_BYTES
                        + " bytes (" + collected.size() + " rows, " + bytes + " bytes came)");
            }
        });
    }

    QueryResult result() {
        return new QueryResult(columns == null ? List.of() : columns, collected);
    }
}
