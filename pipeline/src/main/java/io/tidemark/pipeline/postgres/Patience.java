package io.tidemark.pipeline.postgres;

import java.time.Duration;

/**
 * How long a silent server is waited for. Time in which nobody asked for the next message does not count.
 *
 * @param first until the first message of an answer
 * @param between from one message to the next
 */
public record Patience(Duration first, Duration between) {
    public Patience {
        if (first.isNegative() || first.isZero() || between.isNegative() || between.isZero()) {
            throw new IllegalArgumentException("no patience: " + first + ", " + between);
        }
    }
}
