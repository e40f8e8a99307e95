package io.tidemark.sinks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a place does to objects by itself some time after they were made.
 *
 * @param name the rule's name at the place; may be empty
 * @param prefix of the names that it concerns, below the store's root; empty: all
 * @param age of the objects; null where it is a date
 */
public record LifecycleRule(
        String name, Effect effect, String prefix, @Nullable Duration age) {
    /** What becomes of an object. */
    public enum Effect {
        DELETED,
        /** It is there, and has to be thawed for hours before it can be read. */
        ARCHIVED
    }
}
