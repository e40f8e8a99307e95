package io.tidemark.pipeline.postgres;

import io.tidemark.crypto.postgres.TimelineId;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One session; one exchange at a time. */
public final class PostgresConnection {
    PostgresConnection() {}

    public ServerFacts server() {
        throw new UnsupportedOperationException();
    }

    /** The same connection, whose exchanges are given this much time. */
    public PostgresConnection within(Patience patience) {
        throw new UnsupportedOperationException("" + patience);
    }

    /** A result of bounded size, by a simple query. */
    public Mono<QueryResult> query(String sql) {
        return Mono.error(new UnsupportedOperationException(sql));
    }

    /** A result of any size, with demand. */
    public Flux<QueryResult.Row> rows(String sql) {
        return Flux.error(new UnsupportedOperationException(sql));
    }

    /** {@code SHOW}, in both modes. */
    public Mono<String> show(String parameter) {
        return Mono.error(new UnsupportedOperationException(parameter));
    }

    public Mono<SystemIdentification> identifySystem() {
        return Mono.error(new UnsupportedOperationException());
    }

    public Mono<TimelineHistoryFile> timelineHistory(TimelineId timeline) {
        return Mono.error(new UnsupportedOperationException("" + timeline));
    }

    /** Empty where there is no such slot. */
    public Mono<Optional<ReplicationSlot>> readReplicationSlot(String name) {
        return Mono.error(new UnsupportedOperationException(name));
    }

    public Flux<BaseBackupMessage> baseBackup(BaseBackupCommand command) {
        return Flux.error(new UnsupportedOperationException("" + command));
    }

    /** Says good-bye and closes; once or several times. */
    public Mono<Void> close() {
        return Mono.error(new UnsupportedOperationException());
    }
}
