package io.tidemark.pipeline.keys;

import reactor.core.publisher.Mono;

/**
 * What a node remembers of each cluster: the highest keyset generation that it has used. Whoever can write or roll back
 * a repository could otherwise make it seal under a key that was retired. Losing the memory costs that protection and
 * nothing else, so neither method ever fails.
 */
public interface GenerationMemory {
    /** The highest remembered for the cluster; 0 where nothing is. */
    Mono<Integer> highest(String clusterUuid);

    /** Remembers it unless a higher one is; generation 1, below which there is none, leaves no trace. */
    Mono<Void> remember(String clusterUuid, int generation);

    /** Remembers nothing. */
    static GenerationMemory none() {
        return new GenerationMemory() {
            @Override
            public Mono<Integer> highest(String clusterUuid) {
                return Mono.just(0);
            }

            @Override
            public Mono<Void> remember(String clusterUuid, int generation) {
                return Mono.empty();
            }
        };
    }
}
