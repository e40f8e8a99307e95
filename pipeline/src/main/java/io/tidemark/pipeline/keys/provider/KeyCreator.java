package io.tidemark.pipeline.keys.provider;

import reactor.core.publisher.Mono;

/** A place where Tidemark can have a key of its own made. Errors, threads and cancellation are as a {@link KeyProvider} has them. */
public interface KeyCreator {
    /**
     * Makes a key of 32 random bytes of that name, ready to be used (KMIP: Active), unless there is one: then that one is
     * left as it is, but for its being made active where it is not yet (KMIP: a run that was interrupted leaves it so). Of
     * two who create at once both get the same key, or it is an error: never two.
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
