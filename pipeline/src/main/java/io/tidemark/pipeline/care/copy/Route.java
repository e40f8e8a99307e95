package io.tidemark.pipeline.care.copy;

import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedCopy;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.StoredObject;
import java.time.Clock;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One copy under way: from where to where, and what is needed on the way. */
record Route(
        Repository from,
        Repository to,
        Share share,
        CopyCount count,
        SealedCopy copy,
        int atOnce,
        Compress compress,
        String tool,
        Clock clock) {

    /** Copies and counts them, several at once. */
    Mono<Void> copied(Flux<StoredObject> objects) {
        return objects.flatMap(copy::of, atOnce, 1).doOnNext(count::add).then();
    }

    /** Counts them. */
    Mono<Void> planned(Flux<StoredObject> objects) {
        return objects.doOnNext(count::plan).then();
    }
}
