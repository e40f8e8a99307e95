package io.tidemark.pipeline.keys.provider;

import reactor.core.publisher.Mono;

/** A place where Tidemark can have a key of its own made. Errors, threads and cancellation are as a {@link KeyProvider} has them. */
public interface KeyCreator {
    /**
     * Makes a key of 32 random bytes of that name, ready to be used (KMIP: Active), unless there is one: then that one is
     * left as it is. The store's own condition decides where there is one, so that of two who create at once both get the
     * same key; where there is none (KMIP), the caller sees to it that only one creates.
     *
     * @return which of the two it was
     */
    Mono<Outcome> create(String name);

    /** What there is now. */
    enum Outcome {
        MADE,
        PRESENT
    }
}
