package io.tidemark.pipeline.care.check.server;

import io.netty.buffer.ByteBuf;

/** Looks for a few bytes in a stream of buffers, over their borders too (Knuth, Morris, Pratt). One use, one thread. */
final class ByteSearch {
    private final byte[] wanted;
    /** For each prefix the length of the longest shorter prefix that it ends with. */
    private final int[] fallback;

    private int matched;
    private boolean found;

    ByteSearch(byte[] wanted) {
        this.wanted = wanted.clone();
        this.fallback = fallback(wanted);
    }

    /** @param buffer lent; its indices stay */
    void feed(ByteBuf buffer) {
        if (!found) {
            found = buffer.forEachByte(this::isNotTheLast) >= 0;
        }
    }

    boolean isFound() {
        return found;
    }

    private boolean isNotTheLast(byte b) {
        while (matched > 0 && wanted[matched] != b) {
            matched = fallback[matched];
        }
        if (wanted[matched] == b) {
            matched++;
        }
        return matched < wanted.length;
    }

    private static int[] fallback(byte[] wanted) {
        int[] fallback = new int[wanted.length + 1];
        int length = 0;
        for (int i = 1; i < wanted.length; i++) {
            while (length > 0 && wanted[i] != wanted[length]) {
                length = fallback[length];
            }
            if (wanted[i] == wanted[length]) {
                length++;
            }
            fallback[i + 1] = length;
        }
        return fallback;
    }
}
