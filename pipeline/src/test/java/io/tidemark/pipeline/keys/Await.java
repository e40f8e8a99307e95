package io.tidemark.pipeline.keys;

import static java.util.Objects.requireNonNull;

import reactor.core.publisher.Mono;

/** Waits, as only tests and Main may. */
public final class Await {
    private Await() {}

    /** The one value; a Mono that is empty fails the test. */
    public static <T> T one(Mono<T> mono) {
        return requireNonNull(mono.block(), "empty");
    }
}
