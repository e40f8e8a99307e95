package io.tidemark.it;

/** How much of what is random is tried: {@code -Dtidemark.effort=1..100}. */
final class Effort {
    private static final int EFFORT = Integer.getInteger("tidemark.effort", 1);

    private Effort() {}

    /** {@code least} at effort 1, {@code most} at effort 100, in proportion between. */
    static int scaled(int least, int most) {
        return least + (most - least) * (EFFORT - 1) / 99;
    }

    static boolean atLeast(int effort) {
        return EFFORT >= effort;
    }
}
