package io.tidemark.pipeline.care.keyset;

import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.sinks.ObjectStore;
import reactor.core.publisher.Mono;

/** One repository whose keyset is looked after. */
public record KeyRoot(String name, Requirement requirement, ObjectStore store) {

    Mono<RepositoryMarker> marker() {
        return RepositoryAccess.marker(store);
    }

    String describe() {
        return "repository \"" + name + "\" (" + store.location() + ")";
    }
}
