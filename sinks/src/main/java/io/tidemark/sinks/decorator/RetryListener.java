package io.tidemark.sinks.decorator;

import io.tidemark.sinks.StoreException;
import java.time.Duration;

/** Told of each attempt that failed and is followed by another one. Called by any thread; must not block. */
@FunctionalInterface
public interface RetryListener {

    /**
     * @param why the attempt failed
     * @param pause until the next one
     */
    void retried(Operation operation, StoreException why, Duration pause);
}
