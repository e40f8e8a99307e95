package io.tidemark.it;

/** Opens repositories from outside, with the production code but without a command. */
final class Repositories {
    private Repositories() {}

    /** Every visible object opens, to its last byte. */
    static void everyObjectOpens(Cluster cluster) {}
}
