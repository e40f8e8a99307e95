package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** What was asked would destroy something, or make a copy that is not sound: nothing was done. */
public final class RefusedForSafety extends TidemarkException {
    public RefusedForSafety(String message) {
        super(message, null, null);
    }

    public RefusedForSafety(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public RefusedForSafety(String message, String hint) {
        super(message, hint, null);
    }

    public RefusedForSafety(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.REFUSED;
    }
}
