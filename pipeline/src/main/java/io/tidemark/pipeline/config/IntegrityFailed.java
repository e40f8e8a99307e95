package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** Damaged, forged, of another cluster, or in conflict with what is stored. */
public final class IntegrityFailed extends TidemarkException {
    public IntegrityFailed(String message) {
        super(message, null, null);
    }

    public IntegrityFailed(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public IntegrityFailed(String message, String hint) {
        super(message, hint, null);
    }

    public IntegrityFailed(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.INTEGRITY;
    }
}
