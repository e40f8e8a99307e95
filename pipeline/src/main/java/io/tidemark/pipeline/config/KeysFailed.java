package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** A key is missing, denied, in the wrong state, or not the one that was expected. */
public final class KeysFailed extends TidemarkException {
    public KeysFailed(String message) {
        super(message, null, null);
    }

    public KeysFailed(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public KeysFailed(String message, String hint) {
        super(message, hint, null);
    }

    public KeysFailed(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.KEYS;
    }
}
