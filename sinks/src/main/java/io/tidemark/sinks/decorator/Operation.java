package io.tidemark.sinks.decorator;

import java.util.Locale;

/** The methods of the port that ask the store for something. */
public enum Operation {
    PUT,
    /** Whole or a range. */
    GET,
    STAT,
    LIST,
    DELETE,
    LEFTOVERS,
    DISCARD,
    RETAIN;

    /** In lower case, for messages and JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
