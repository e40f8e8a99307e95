package io.tidemark.pipeline.postgres;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import io.tidemark.pipeline.postgres.wire.Wire;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One session. Whoever connected closes it. One exchange at a time: the next may begin when the last has ended; two at once are a bug of
 * the caller's, and the second fails with IllegalStateException. An exchange that is cancelled before its end cancels the command at the
 * server and closes the connection.
 *
 * <p>Signals come on the connection's event loop: what takes time goes elsewhere ({@code publishOn} with a small prefetch). Failures are
 * {@link PostgresFailed}, with the server's SQLSTATE where it was the server that refused; after such a one the session goes on, after
 * every other (silence, a lost connection, what is no PostgreSQL protocol) it is closed.
 */
public final class PostgresConnection {
    private static final Patience OF_QUERIES = new Patience(Duration.ofMinutes(1), Duration.ofMinutes(1));
    /** A spread checkpoint comes first, of which nothing is heard. */
    private static final Patience OF_BASE_BACKUPS = new Patience(Duration.ofHours(1), Duration.ofMinutes(5));

    private final Wire wire;
    private final ServerFacts server;
    private final @Nullable Patience patience;

    PostgresConnection(Wire wire, ServerFacts server, @Nullable Patience patience) {
        this.wire = wire;
        this.server = server;
        this.patience = patience;
    }

    public ServerFacts server() {
        return server;
    }

    /** The same connection, whose exchanges wait so long for a silent server; without it a minute, of base backups more. */
    public PostgresConnection within(Patience other) {
        return new PostgresConnection(wire, server, other);
    }

    /** The result of one statement, whole: at most 100 000 rows and 16 MiB, or it fails. */
    public Mono<QueryResult> query(String sql) {
        return result("query \"" + shortened(sql) + "\"", sql);
    }

    /**
     * The rows of one statement, in order, the caller's own. Cold: each subscription sends the query. Without demand nothing is read, and the
     * server waits. Ends and fails as the class says.
     */
    public Flux<QueryResult.Row> rows(String sql) {
        String attempted = "query \"" + shortened(sql) + "\"";
        return Flux.defer(() -> {
            QueryAnswer answer = new QueryAnswer(attempted + " on " + server.where());
            return exchange(attempted, sql, OF_QUERIES)
                    .handle((message, sink) -> answer.row(message).ifPresent(sink::next));
        });
    }

    /** The value of a parameter, in both modes. */
    public Mono<String> show(String parameter) {
        if (!parameter.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            return Mono.error(new IllegalArgumentException("no parameter's name: " + parameter));
        }
        return result("SHOW " + parameter, "SHOW " + parameter)
                .map(reading("SHOW " + parameter, result -> present(result.single(), 0)));
    }

    /** Which server this is, and how far its WAL is. */
    public Mono<SystemIdentification> identifySystem() {
        return result("IDENTIFY_SYSTEM", "IDENTIFY_SYSTEM").map(reading("IDENTIFY_SYSTEM", result -> {
            QueryResult.Row row = result.single();
            return new SystemIdentification(
                    Long.parseUnsignedLong(present(row, "systemid")),
                    TimelineId.of(Long.parseLong(present(row, "timeline"))),
                    Lsn.parse(present(row, "xlogpos")),
                    row.text("dbname"));
        }));
    }

    /** The history file of a timeline; the first has none, and asking for it fails with SQLSTATE 58P01. */
    public Mono<TimelineHistoryFile> timelineHistory(TimelineId timeline) {
        String command = "TIMELINE_HISTORY " + timeline.number();
        return result(command, command).map(reading(command, result -> {
            QueryResult.Row row = result.single();
            byte[] content = row.bytes("content");
            return new TimelineHistoryFile(present(row, "filename"), content == null ? new byte[0] : content);
        }));
    }

    /** A physical slot; empty where there is no slot of this name. */
    public Mono<Optional<ReplicationSlot>> readReplicationSlot(String name) {
        if (!name.matches("[a-z0-9_]{1,63}")) {
            return Mono.error(new IllegalArgumentException("no replication slot's name: " + name));
        }
        String command = "READ_REPLICATION_SLOT " + name;
        return result(command, command).map(reading(command, result -> slot(name, result.single())));
    }

    private static Optional<ReplicationSlot> slot(String name, QueryResult.Row row) {
        String type = row.text("slot_type");
        String restart = row.text("restart_lsn");
        String timeline = row.text("restart_tli");
        return type == null
                ? Optional.empty()
                : Optional.of(new ReplicationSlot(
                        name,
                        type,
                        restart == null ? null : Lsn.parse(restart),
                        timeline == null ? null : TimelineId.of(Long.parseLong(timeline))));
    }

    /**
     * A base backup, in the order that {@link BaseBackupMessage} tells. Cold, one subscriber: each subscription asks for a backup. The
     * bytes of Data are given: whoever puts a queue behind this adds {@code doOnDiscard(BaseBackupMessage.Data.class, …)} below it. Without
     * demand nothing is read, what waits is one read of 64 KiB, and the server slows down. Completes after Ended, and only if all came in
     * order; fails as the class says. Cancel ends the backup at the server and closes the connection.
     */
    public Flux<BaseBackupMessage> baseBackup(BaseBackupCommand command) {
        return Flux.defer(() -> {
            BaseBackupAnswer answer = new BaseBackupAnswer(server.where());
            return exchange("BASE_BACKUP", command.text(), OF_BASE_BACKUPS)
                    .<BaseBackupMessage>handle(
                            (message, sink) -> answer.next(message).ifPresent(sink::next))
                    .concatWith(Mono.fromRunnable(answer::requireEnd));
        });
    }

    /** Says good-bye and completes when the socket is closed; once or several times. */
    public Mono<Void> close() {
        return wire.close();
    }

    private Flux<BackendMessage> exchange(String attempted, String sql, Patience byDefault) {
        Patience given = patience == null ? byDefault : patience;
        return wire.exchange(attempted, new FrontendMessage.Query(sql), given.first(), given.between());
    }

    private Mono<QueryResult> result(String attempted, String sql) {
        return Mono.defer(() -> {
            QueryAnswer answer = new QueryAnswer(attempted + " on " + server.where());
            return exchange(attempted, sql, OF_QUERIES)
                    .<BackendMessage>handle((message, sink) -> answer.collect(message))
                    .then(Mono.fromCallable(answer::result));
        });
    }

    /** What cannot be read is the server's fault. */
    private <T> Function<QueryResult, T> reading(String command, Function<QueryResult, T> reader) {
        return result -> {
            try {
                return reader.apply(result);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new PostgresFailed(
                        "the answer of " + server.where() + " to " + command + " cannot be read: " + e.getMessage(), e);
            }
        };
    }

    private static String present(QueryResult.Row row, String column) {
        return present(row, row.columns().indexOf(column));
    }

    private static String present(QueryResult.Row row, int column) {
        String text = column < 0 ? null : row.text(column);
        if (text == null) {
            throw new IllegalArgumentException("a value is missing among " + row.columns());
        }
        return text;
    }

    private static String shortened(String sql) {
        String line = sql.replaceAll("\\s+", " ").strip();
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
