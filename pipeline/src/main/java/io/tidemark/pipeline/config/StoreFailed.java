package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** A repository is unreachable, denied, missing or full. */
public final class StoreFailed extends TidemarkException {
    public StoreFailed(String message) {
        super(message, null, null);
    }

    public StoreFailed(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public StoreFailed(String message, String hint) {
        super(message, hint, null);
    }

    public StoreFailed(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.STORE;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
