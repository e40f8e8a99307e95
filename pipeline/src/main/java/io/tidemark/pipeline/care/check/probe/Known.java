package io.tidemark.pipeline.care.check.probe;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** What one probe asks that another one answers for. */
public final class Known {
    private Known() {}

    /** The value; empty where it could not be had or is not there, of which another probe tells. Never fails. */
    public static <T> Mono<Optional<T>> ofAnother(Mono<T> asked) {
        return asked.map(Optional::of).onErrorReturn(Optional.empty()).defaultIfEmpty(Optional.empty());
    }
}
