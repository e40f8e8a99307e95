package io.tidemark.pipeline.keys;

import reactor.core.publisher.Mono;

/**
 * What a node remembers of each repository: the highest keyset generation that it has used there. Whoever can write or
 * roll back a repository could otherwise make it seal under a key that was retired; and who knows where to look need not
 * list. Losing the memory costs that protection and a listing, and nothing else, so neither method ever fails.
 *
 * <p>A repository is known by its place in the configuration, not by its marker: the marker is anybody's to write. Each has
 * its own memory, for an optional one that lags has the new generation later.
 */
public interface GenerationMemory {
    /**
     * What is remembered.
     *
     * @param highest generation used; 0 where none is known
     * @param listedLately whether a listing has shown within {@link #LISTING_COUNTS_HOURS} that none above it counts
     */
    record Recollection(int highest, boolean listedLately) {
        static final Recollection NOTHING = new Recollection(0, /* listedLately= */ false);
    }

    /**
     * How long a listing spares others. Numbers have gaps where one was squatted during a rotation, so that a free next
     * number alone does not prove that nothing lies above it: this is how long such a rotation can be overlooked.
     */
    int LISTING_COUNTS_HOURS = 24;

    /** What is known of the cluster's root at that place. */
    Mono<Recollection> recall(String cluster, String location);

    /** Remembers what a listing has just shown; of the number, unless a higher one is remembered. */
    Mono<Void> remember(String cluster, String location, int generation);

    /** Remembers nothing. */
    static GenerationMemory none() {
        return new GenerationMemory() {
            @Override
            public Mono<Recollection> recall(String cluster, String location) {
                return Mono.just(Recollection.NOTHING);
            }

            @Override
            public Mono<Void> remember(String cluster, String location, int generation) {
                return Mono.empty();
            }
        };
    }
}
