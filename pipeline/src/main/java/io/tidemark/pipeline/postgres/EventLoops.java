package io.tidemark.pipeline.postgres;

import reactor.core.publisher.Mono;

/** Netty's threads for connections to PostgreSQL: epoll where there is a native library for it, else NIO. */
public final class EventLoops {
    private EventLoops() {}

    public static EventLoops open(int threads) {
        throw new UnsupportedOperationException("" + threads);
    }

    /** Ends the threads after what is under way. */
    public Mono<Void> close() {
        return Mono.error(new UnsupportedOperationException());
    }
}
