package io.tidemark.pipeline.archive;

import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.Requirement;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A repository that the configuration names and that may or may not be there.
 *
 * @param opening opens it anew at each subscription, which owns what it gets
 */
public record ConfiguredRepository(String name, Requirement requirement, Mono<Repository> opening) {

    boolean required() {
        return requirement == Requirement.REQUIRED;
    }

    /** Opens it, works on it, closes it. */
    <T> Mono<T> use(Function<Repository, Mono<T>> work) {
        return Mono.usingWhen(opening, work, repository -> Mono.fromRunnable(repository::close));
    }
}
