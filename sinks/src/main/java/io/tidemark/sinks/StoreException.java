package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/**
 * A store could not do what it was asked. The leaves tell what can be done about it; the message says what was
 * attempted, on what, what came back and, where the operator can act, a hint.
 */
public abstract sealed class StoreException extends RuntimeException
        permits ObjectMissing,
                AccessRefused,
                StoreUnavailable,
                StoreFull,
                StoreUnsuitable,
                IntegrityFailed,
                InvalidName {

    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Which leaf it is, for a switch that the compiler checks. */
    public abstract Kind kind();

    /** Whether the same call may succeed later without anybody's doing. */
    public final boolean isTransient() {
        return kind() == Kind.UNAVAILABLE;
    }

    /** A name for scripts and metrics that never changes, as {@code store-full}. */
    public final String code() {
        return kind().code;
    }

    /** The leaves. */
    public enum Kind {
        MISSING("object-missing"),
        REFUSED("store-access-refused"),
        UNAVAILABLE("store-unavailable"),
        FULL("store-full"),
        UNSUITABLE("store-unsuitable"),
        INTEGRITY("store-integrity"),
        INVALID_NAME("object-name-invalid");

        private final String code;

        Kind(String code) {
            this.code = code;
        }
    }
}
