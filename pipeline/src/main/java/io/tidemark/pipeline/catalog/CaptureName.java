package io.tidemark.pipeline.catalog;

import java.time.Instant;

/** The name of a capture of a node's pg_tde directory, {@code 20261122T150000Z-0a1b2c}; captures of one node sort by the time they were taken. FORMAT.md section 1. */
public record CaptureName(String value) implements Comparable<CaptureName> {
    public CaptureName {
        if (!Stamp.isStamp(value)) {
            throw new IllegalArgumentException("no capture: '" + value + "', expected such as 20261122T150000Z-0a1b2c");
        }
    }

    /** A new one; of {@code random} the lower 24 bits count. */
    public static CaptureName of(Instant time, int random) {
        return new CaptureName(Stamp.of(time, random));
    }

    /** Whether the constructor accepts the text. */
    public static boolean isValid(String text) {
        return Stamp.isStamp(text);
    }

    /** The clock's time in it, to the second: for people, decisions do not rest on it. */
    public Instant time() {
        return Stamp.time(value);
    }

    @Override
    public int compareTo(CaptureName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
