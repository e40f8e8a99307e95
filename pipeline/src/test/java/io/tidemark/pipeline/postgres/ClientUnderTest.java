package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A client with threads of its own, and the waiting that only tests may do. */
final class ClientUnderTest implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final EventLoops loops = EventLoops.open(2);
    private final Scheduler files = Schedulers.newBoundedElastic(4, 1000, "test-files", 60, true);
    private final PostgresClient client = new PostgresClient(loops, files, new SecureRandom());

    PostgresClient client() {
        return client;
    }

    PostgresConnection connect(String conninfo) {
        return connect(conninfo, SessionMode.SQL);
    }

    PostgresConnection connect(String conninfo, SessionMode mode) {
        return connect(conninfo, mode, Map.of());
    }

    PostgresConnection connect(String conninfo, SessionMode mode, Map<String, String> environment) {
        return await(client.connect(ConnectionSettings.parse(conninfo, environment), mode));
    }

    static <T> T await(Mono<T> mono) {
        return mono.block(LIMIT);
    }

    @Override
    public void close() {
        await(loops.close());
        files.dispose();
    }
}
