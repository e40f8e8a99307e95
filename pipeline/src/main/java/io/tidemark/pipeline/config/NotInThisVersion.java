package io.tidemark.pipeline.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Planned, but not built: the command, setting or kind of cluster is known by name only. */
public final class NotInThisVersion extends TidemarkException {
    public NotInThisVersion(String message) {
        super(message, null, null);
    }

    public NotInThisVersion(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    public NotInThisVersion(String message, String hint) {
        super(message, hint, null);
    }

    public NotInThisVersion(String message, String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
    }

    NotInThisVersion(String message, List<String> details) {
        super(message, details, null, null);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.NOT_IN_THIS_VERSION;
    }
}
