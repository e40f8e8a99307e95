package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** Another run holds the cluster. */
public final class Busy extends TidemarkException {
    public Busy(String message) {
        super(message, null, null);
    }

    public Busy(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public Busy(String message, String hint) {
        super(message, hint, null);
    }

    public Busy(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.BUSY;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
