package io.tidemark.pipeline.keys.provider;

import java.util.Locale;

/** In which state of its life a key is that was given out; words of KMIP. One that is destroyed is never given out. */
public enum KeyState {
    /** The provider keeps no states: a file, Vault. */
    NOT_KEPT,
    /** As pg_tde leaves its keys for ever. */
    PRE_ACTIVE,
    ACTIVE,
    /** Retired: it may open what it closed, and shall close nothing more. */
    DEACTIVATED,
    /** Somebody else may know it. */
    COMPROMISED;

    /** For messages: {@code pre-active}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
