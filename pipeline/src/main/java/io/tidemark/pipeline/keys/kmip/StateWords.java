package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.message.attribute.State;
import java.util.Locale;

/** States of keys, and as messages say them. */
final class StateWords {
    private StateWords() {}

    static boolean isDestroyed(State state) {
        return state == State.DESTROYED || state == State.DESTROYED_COMPROMISED;
    }

    /** {@code pre-active}, {@code destroyed-compromised}. */
    static String of(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
