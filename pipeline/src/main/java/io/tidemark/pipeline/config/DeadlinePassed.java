package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** The deadline passed, or the run was interrupted. */
public final class DeadlinePassed extends TidemarkException {
    public DeadlinePassed(String message) {
        super(message, null, null);
    }

    public DeadlinePassed(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public DeadlinePassed(String message, String hint) {
        super(message, hint, null);
    }

    public DeadlinePassed(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.DEADLINE;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
