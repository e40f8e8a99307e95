package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.ArchiverState;
import io.tidemark.pipeline.postgres.BaseBackupCommand;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.Patience;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.SessionMode;
import io.tidemark.pipeline.postgres.TimelineHistoryFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The two connections of an online backup, to one server: replication for the backup itself, SQL for what the protocol does not say.
 *
 * @param server as it was when the backup began
 */
record ConnectedSession(PostgresConnection replication, PostgresConnection sql, OnlineServer server)
        implements ServerSession {
    /** Sizes need a privilege for each database. */
    private static final String DATABASE_BYTES =
            "select coalesce(sum(case when has_database_privilege(oid, 'connect') then pg_database_size(oid) else 0 end), 0)"
                    + " from pg_database";

    /** A spread checkpoint says nothing until it is done: within checkpoint_timeout, which may be a day. */
    private static final Patience PATIENCE = new Patience(Duration.ofHours(25), Duration.ofMinutes(10));

    /** Connects both. Fails with {@code PostgresFailed}. */
    static Mono<ServerSession> open(PostgresClient client, ConnectionSettings settings) {
        return client.connect(settings, SessionMode.SQL)
                .flatMap(sql -> client.connect(settings, SessionMode.REPLICATION)
                        .flatMap(replication -> replication
                                .identifySystem()
                                .doOnNext(identified -> requireOneServer(sql, replication))
                                .flatMap(identified -> OnlineServer.ask(sql, identified))
                                .<ServerSession>map(server -> new ConnectedSession(replication, sql, server))
                                .onErrorResume(e -> replication.close().then(Mono.error(e))))
                        .onErrorResume(e -> sql.close().then(Mono.error(e))));
    }

    private static void requireOneServer(PostgresConnection sql, PostgresConnection replication) {
        if (!sql.server().where().equals(replication.server().where())) {
            throw new PostgresFailed("two connections led to two servers, "
                    + sql.server().where() + " and " + replication.server().where());
        }
    }

    @Override
    public Mono<Long> databaseBytes() {
        return sql.query(DATABASE_BYTES)
                .map(result -> Objects.requireNonNullElse(result.single().text(0), "0"))
                .map(Long::parseLong);
    }

    @Override
    public Flux<BaseBackupMessage> baseBackup(BaseBackupCommand command) {
        return replication.within(PATIENCE).baseBackup(command);
    }

    @Override
    public Mono<Void> close() {
        return Mono.whenDelayError(replication.close(), sql.close()).onErrorComplete();
    }

    @Override
    public Mono<TimelineHistoryFile> history(TimelineId timeline) {
        return replication.timelineHistory(timeline);
    }

    @Override
    public Mono<Instant> now() {
        return sql.query("select extract(epoch from clock_timestamp()) as now")
                .mapNotNull(result -> result.single().epoch("now"))
                .switchIfEmpty(Mono.error(() -> new PostgresFailed("the server does not know what time it is")));
    }

    @Override
    public Mono<String> archiver() {
        return server.origin() == BackupOrigin.STANDBY
                ? Mono.just("its primary archives it, and only when the segment is full: select pg_switch_wal() there"
                        + " if it is idle")
                : ArchiverState.read(sql).map(ArchiverState::words);
    }
}
