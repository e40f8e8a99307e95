package io.tidemark.crypto.tde;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/** Randomness that a test chooses: what a server drew, so that the same bytes must come out, or a seed. */
public final class RecordedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient Deque<byte[]> draws = new ArrayDeque<>();
    private final Random otherwise;

    public RecordedRandom(long seed) {
        otherwise = new Random(seed);
    }

    public RecordedRandom willDraw(byte[] bytes) {
        draws.add(bytes.clone());
        return this;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        byte[] recorded = draws.poll();
        if (recorded == null) {
            otherwise.nextBytes(bytes);
        } else {
            System.arraycopy(recorded, 0, bytes, 0, bytes.length);
        }
    }
}
