package io.tidemark.pipeline.postgres;

import java.security.SecureRandom;
import java.time.Clock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Connects to PostgreSQL. */
public final class PostgresClient {
    public PostgresClient(EventLoops loops, Scheduler files, Clock clock, SecureRandom random) {
        throw new UnsupportedOperationException("" + loops + files + clock + random);
    }

    /** The first host that answers and fits. */
    public Mono<PostgresConnection> connect(ConnectionSettings settings, SessionMode mode) {
        return Mono.error(new UnsupportedOperationException("" + settings + mode));
    }
}
