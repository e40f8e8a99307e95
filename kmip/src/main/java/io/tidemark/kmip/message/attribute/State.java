package io.tidemark.kmip.message.attribute;

import java.util.Optional;

/** Where a key is in its life, in the order of the codes. pg_tde leaves its keys pre-active for good. Source: KMIP 2.1, State Enumeration. */
public enum State {
    PRE_ACTIVE,
    ACTIVE,
    DEACTIVATED,
    COMPROMISED,
    DESTROYED,
    DESTROYED_COMPROMISED;

    private static final State[] BY_CODE = values();

    public int code() {
        return ordinal() + 1;
    }

    /** Empty for a code that the specification does not have. */
    public static Optional<State> of(int code) {
        return code >= 1 && code <= BY_CODE.length ? Optional.of(BY_CODE[code - 1]) : Optional.empty();
    }
}
