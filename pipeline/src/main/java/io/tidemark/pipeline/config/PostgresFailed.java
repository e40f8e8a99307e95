package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** PostgreSQL is unreachable, refuses, has the wrong version or lacks a privilege. */
public final class PostgresFailed extends TidemarkException {
    public PostgresFailed(String message) {
        super(message, null, null);
    }

    public PostgresFailed(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public PostgresFailed(String message, String hint) {
        super(message, hint, null);
    }

    public PostgresFailed(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.POSTGRES;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
