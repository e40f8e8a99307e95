package io.tidemark.pipeline.keys;

import reactor.core.publisher.Mono;

/**
 * What a node remembers of each repository: the highest keyset generation that it has used there. Whoever can write or
 * roll back a repository could otherwise make it seal under a key that was retired. Losing the memory costs that
 * protection and nothing else, so neither method ever fails.
 *
 * <p>A repository is known by its place in the configuration, not by its marker: the marker is anybody's to write. Each has
 * its own memory, for an optional one that lags has the new generation later.
 */
public interface GenerationMemory {
    /** The highest remembered for the cluster's root at that place; 0 where nothing is. */
    Mono<Integer> highest(String cluster, String location);

    /** Remembers it unless a higher one is; generation 1, below which there is none, leaves no trace. */
    Mono<Void> remember(String cluster, String location, int generation);

    /** Remembers nothing. */
    static GenerationMemory none() {
        return new GenerationMemory() {
            @Override
            public Mono<Integer> highest(String cluster, String location) {
                return Mono.just(0);
            }

            @Override
            public Mono<Void> remember(String cluster, String location, int generation) {
                return Mono.empty();
            }
        };
    }
}
