package io.tidemark.pipeline.restore;

import java.util.SplittableRandom;

/** Content that does not compress; the same for the same seed. */
final class Bytes {
    private Bytes() {}

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
