package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ObjectStore;
import reactor.core.publisher.Flux;

/**
 * Brings the generations of one repository into another of the same cluster, byte for byte, the lowest first: so that a
 * repository has a generation before anything in it is sealed with that generation's primary.
 */
public final class GenerationCopy {
    private final KeysetAccess access;
    private final ObjectStore from;
    private final RepositoryMarker marker;

    /** @param access opens the generations to copy: only such as count are handed on */
    public GenerationCopy(KeysetAccess access, ObjectStore from, RepositoryMarker marker) {
        this.access = access;
        this.from = from;
        this.marker = marker;
    }

    /**
     * Copies what {@code to} lacks up to the generation {@code last}; emits the numbers that were missing there. Fails with
     * {@link IntegrityFailed} where a number is held by other bytes, and as the stores fail.
     */
    public Flux<Integer> run(ObjectStore to, int last) {
        return access.survey(from, marker)
                .filter(status -> status.generation() != null && status.number() <= last)
                .concatMap(
                        status -> GenerationStore.bytes(from, status.number())
                                .flatMap(bytes -> GenerationStore.put(to, status.number(), bytes))
                                .filter(outcome -> isNew(to, status.number(), outcome))
                                .map(outcome -> status.number()),
                        1);
    }

    private boolean isNew(ObjectStore to, int number, GenerationStore.Outcome outcome) {
        return switch (outcome) {
            case STORED -> true;
            case PRESENT -> false;
            case TAKEN ->
                throw new IntegrityFailed(
                        ObjectNames.generation(number) + " of " + to.location() + " is not the one of "
                                + from.location(),
                        "all repositories of a cluster have the same generations: `tidemark keys status` says which is "
                                + "damaged or forged; that one has to be removed");
        };
    }
}
