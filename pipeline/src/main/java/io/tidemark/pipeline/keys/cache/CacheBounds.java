package io.tidemark.pipeline.keys.cache;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How far a {@link CachingKeyProvider} may go.
 *
 * @param lifetime how long a key is given out without asking again; more than nothing
 * @param staleFor how long after that while nobody answers who could be asked
 * @param keys how many are kept at most; the one that was used longest ago makes room
 */
public record CacheBounds(Duration lifetime, Duration staleFor, int keys) {
    private static final double AHEAD_FROM = 0.7;
    private static final double AHEAD_TO = 0.9;
    private static final int PAUSES_PER_LIFETIME = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    public CacheBounds {
        if (lifetime.isNegative() || lifetime.isZero() || staleFor.isNegative() || keys < 1) {
            throw new IllegalArgumentException("cache of " + keys + " keys for " + lifetime + " and " + staleFor);
        }
    }

    /** Until a key that is in use is asked for again; drawn, so that the hosts of a fleet do not ask all at once. */
    Duration refreshAfter(RandomGenerator jitter) {
        return part(lifetime, jitter.nextDouble(AHEAD_FROM, AHEAD_TO));
    }

    /** Until somebody who did not answer is asked again. */
    Duration pause(RandomGenerator jitter) {
        Duration tenth = lifetime.dividedBy(PAUSES_PER_LIFETIME);
        Duration most = tenth.compareTo(LONGEST_PAUSE) < 0 ? tenth : LONGEST_PAUSE;
        return part(most, jitter.nextDouble(AHEAD_FROM, 1));
    }

    Duration untilForgotten() {
        return lifetime.plus(staleFor);
    }

    private static Duration part(Duration whole, double fraction) {
        return Duration.ofNanos((long) (whole.toNanos() * fraction));
    }
}
