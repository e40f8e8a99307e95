package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.SessionMode;
import java.time.Clock;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The way to the server that the configuration names, or to libpq's default. */
public final class ServerAccess {
    private final PostgresClient client;
    private final Supplier<ConnectionSettings> settings;
    private final Scheduler files;
    private final Clock clock;

    /**
     * @param settings asked when a connection is made, so that a fault of theirs is a finding; may read files
     */
    public ServerAccess(PostgresClient client, Supplier<ConnectionSettings> settings, Scheduler files, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.files = files;
        this.clock = clock;
    }

    /** What the server says of itself, over a connection of its own. Fails as {@link PostgresClient#connect}. */
    public Mono<ServerState> state() {
        return Mono.usingWhen(
                connect(SessionMode.SQL),
                connection -> new StateReading(connection, clock).state(),
                PostgresConnection::close);
    }

    /** A connection; the subscriber closes it. */
    Mono<PostgresConnection> connect(SessionMode mode) {
        return Mono.fromSupplier(settings).subscribeOn(files).flatMap(known -> client.connect(known, mode));
    }
}
