package io.tidemark.pipeline.config;

import java.time.Duration;

/**
 * How long keys of servers are kept in memory, {@code keys.cache}.
 *
 * @param lifetime zero where each key is asked for each time
 * @param staleFor after that, while the server does not answer
 */
public record KeyCacheSettings(Duration lifetime, Duration staleFor) {
    public boolean isOff() {
        return lifetime.isZero();
    }
}
