package io.tidemark.pipeline.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line or the configuration is not what the command can work with. */
public final class UsageError extends TidemarkException {
    public UsageError(String message) {
        super(message, null, null);
    }

    public UsageError(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public UsageError(String message, String hint) {
        super(message, hint, null);
    }

    public UsageError(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    UsageError(String message, List<String> details) {
        super(message, details, null, null);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.USAGE;
    }
}
