package io.tidemark.pipeline.care.copy;

import io.tidemark.sinks.ObjectName;

/**
 * One of several runs that share a copy, each with the objects whose names fall to it.
 *
 * @param number from 1
 * @param of how many runs there are
 */
public record Share(int number, int of) {
    /** All of it. */
    public static final Share WHOLE = new Share(1, 1);

    public Share {
        if (of < 1 || number < 1 || number > of) {
            throw new IllegalArgumentException("no share: " + number + "/" + of);
        }
    }

    boolean isWhole() {
        return of == 1;
    }

    boolean has(ObjectName name) {
        return Math.floorMod(name.value().hashCode(), of) == number - 1;
    }
}
