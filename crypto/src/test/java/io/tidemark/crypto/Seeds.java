package io.tidemark.crypto;

import java.util.Random;
import java.util.function.Consumer;

/** Seeded runs of a property: the seed of a failing run is in its message, and {@code -Dtidemark.seed=} repeats it. */
public final class Seeds {
    private static final int EFFORT = Integer.getInteger("tidemark.effort", 1);
    private static final Long ONLY = Long.getLong("tidemark.seed");

    private Seeds() {}

    /** Runs the property {@code runs} times, times the effort, each with a generator of its own. */
    public static void each(int runs, Consumer<Random> property) {
        if (ONLY != null) {
            run(ONLY, property);
            return;
        }
        for (long seed = 1; seed <= (long) runs * EFFORT; seed++) {
            run(seed, property);
        }
    }

    private static void run(long seed, Consumer<Random> property) {
        try {
            property.accept(new Random(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " (repeat it with -Dtidemark.seed=" + seed + ")", e);
        }
    }

    public static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
