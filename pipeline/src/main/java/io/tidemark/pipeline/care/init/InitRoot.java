package io.tidemark.pipeline.care.init;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.pipeline.care.init.InitReport.Outcome;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.keys.GenerationStore;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.sinks.ObjectStore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What {@code init} finds in one root.
 *
 * @param marker null where there is none
 * @param claimed the uuid that a generation claims, where there is no marker; null where no generation can be read
 * @param contents whether objects lie there
 */
record InitRoot(
        InitTarget target,
        ObjectStore store,
        @Nullable RepositoryMarker marker,
        @Nullable String claimed,
        Contents contents) {
    // stands for the id that a root without marker does not have yet; never written
    private static final String NO_ID = "0".repeat(32);

    /** What lies in a root. */
    enum Contents {
        NOTHING,
        KEYS_ONLY,
        OBJECTS
    }

    static Mono<InitRoot> look(InitTarget target) {
        return target.store().flatMap(store -> look(target, store));
    }

    Mono<InitRoot> lookAgain() {
        return Mono.defer(() -> look(target, store));
    }

    private static Mono<InitRoot> look(InitTarget target, ObjectStore store) {
        return Mono.zip(markerIfAny(store), claimIfAny(store), contents(store))
                .map(found -> new InitRoot(target, store, found.getT1().marker, found.getT2().claimed, found.getT3()));
    }

    /** Whether there is a keyset to open: a marker demands one, a generation without marker offers one. */
    boolean hasKeyset() {
        return marker != null || claimed != null;
    }

    /** The marker, or one that says what the root's generations claim: what opens under it is what it claims. */
    RepositoryMarker assumedMarker() {
        if (marker != null) {
            return marker;
        }
        if (claimed != null) {
            return RepositoryMarker.of(claimed, NO_ID, Instant.EPOCH);
        }
        throw new StoreFailed("keyset generation 1 was stored in " + store.location() + " and is not there");
    }

    void requireEmpty() {
        if (contents != Contents.NOTHING) {
            throw new RefusedForSafety(
                    describe() + " has objects and neither tidemark.json nor a keyset: a new keyset would make them "
                            + "foreign for ever",
                    "name an empty or new directory, or put the missing files back");
        }
    }

    Outcome outcome(long copied) {
        if (marker != null) {
            return copied > 0 ? Outcome.COMPLETED : Outcome.PRESENT;
        }
        return contents == Contents.NOTHING ? Outcome.CREATED : Outcome.COMPLETED;
    }

    String describe() {
        return "repository \"" + target.name() + "\" (" + store.location() + ")";
    }

    private static Mono<MaybeMarker> markerIfAny(ObjectStore store) {
        return store.stat(ObjectNames.MARKER)
                .flatMap(there -> RepositoryAccess.marker(store).map(MaybeMarker::new))
                .defaultIfEmpty(new MaybeMarker(null));
    }

    private static Mono<MaybeClaim> claimIfAny(ObjectStore store) {
        return store.list(ObjectNames.KEYS)
                .mapNotNull(object -> ObjectNames.parse(object.name()).orElse(null))
                .ofType(CatalogName.KeysetGeneration.class)
                .take(16)
                .concatMap(
                        name -> GenerationStore.bytes(store, name.number())
                                .map(Generation::parse)
                                .map(Generation::cluster)
                                // hostile or damaged: opening will say so, if nothing else lies there
                                .onErrorResume(RuntimeException.class, unreadable -> Mono.empty()),
                        1)
                .next()
                .map(MaybeClaim::new)
                .defaultIfEmpty(new MaybeClaim(null));
    }

    private static Mono<Contents> contents(ObjectStore store) {
        return store.list("")
                .filter(object -> !object.name().value().startsWith(ObjectNames.KEYS)
                        && !object.name().equals(ObjectNames.MARKER))
                .next()
                .map(any -> Contents.OBJECTS)
                .switchIfEmpty(store.list("").next().map(any -> Contents.KEYS_ONLY))
                .defaultIfEmpty(Contents.NOTHING);
    }

    private record MaybeMarker(@Nullable RepositoryMarker marker) {}

    private record MaybeClaim(@Nullable String claimed) {}
}
