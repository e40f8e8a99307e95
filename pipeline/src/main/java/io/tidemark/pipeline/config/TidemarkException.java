package io.tidemark.pipeline.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sealed root of what may go wrong in {@code pipeline}. A leaf tells how to deal with it ({@link FailureKind}), the message what
 * was attempted, on what, and what came back: lower case, no full stop. The hint, if any, is what the operator can do; it is printed
 * on a line of its own as {@code HINT: …}. Messages and hints never hold a key, a password or file content.
 *
 * <p>The stores and {@code crypto} throw sealed roots of their own; these are mapped where their meaning is known.
 */
public abstract sealed class TidemarkException extends RuntimeException
        permits UsageError,
                NotInThisVersion,
                IntegrityFailed,
                ForeignObject,
                KeysFailed,
                StoreFailed,
                PostgresFailed,
                RefusedForSafety,
                Busy,
                DeadlinePassed {
    private final transient List<String> details;
    private final @Nullable String hint;

    TidemarkException(String message, @Nullable String hint, @Nullable Throwable cause) {
        this(message, List.of(), hint, cause);
    }

    TidemarkException(String message, List<String> details, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.details = List.copyOf(details);
        this.hint = hint;
    }

    public abstract FailureKind kind();

    /** Whether the same call may succeed later without anybody changing anything. */
    public boolean isTransient() {
        return false;
    }

    /** Further lines, one fault each, where there are several. */
    public final List<String> details() {
        return details;
    }

    public final Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
