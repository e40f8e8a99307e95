package io.tidemark.pipeline.catalog;

import reactor.core.publisher.Mono;

/**
 * Which systems this host has found admitted in which roots, so that a push need not list to find out again. Losing it costs
 * a listing; one that lies lets a second cluster into a root at worst in which this host has seen that very system. Neither
 * method ever fails.
 */
public interface AdmissionMemory {
    /** Whether the system was found admitted in the root of this marker, known by its own random id. */
    Mono<Boolean> knows(RepositoryMarker root, SystemIdentifier system);

    /** Remembers that it was. */
    Mono<Void> remember(RepositoryMarker root, SystemIdentifier system);

    /** Remembers nothing. */
    static AdmissionMemory none() {
        return new AdmissionMemory() {
            @Override
            public Mono<Boolean> knows(RepositoryMarker root, SystemIdentifier system) {
                return Mono.just(false);
            }

            @Override
            public Mono<Void> remember(RepositoryMarker root, SystemIdentifier system) {
                return Mono.empty();
            }
        };
    }
}
