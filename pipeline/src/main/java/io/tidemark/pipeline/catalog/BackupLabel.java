package io.tidemark.pipeline.catalog;

import java.time.Instant;

/** A base backup's label, {@code 20261122T150000Z-0a1b2c}; backups are ordered by timeline and start LSN, never by it. FORMAT.md section 1. */
public record BackupLabel(String value) implements Comparable<BackupLabel> {
    public BackupLabel {
        if (!Stamp.isStamp(value)) {
            throw new IllegalArgumentException(
                    "no backup label: '" + value + "', expected such as 20261122T150000Z-0a1b2c");
        }
    }

    /** A new one; of {@code random} the lower 24 bits count. */
    public static BackupLabel of(Instant time, int random) {
        return new BackupLabel(Stamp.of(time, random));
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
    public int compareTo(BackupLabel other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
