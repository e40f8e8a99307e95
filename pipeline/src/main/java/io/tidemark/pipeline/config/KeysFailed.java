package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/** A key is missing, denied, out of reach, in the wrong state, or not the one that was expected: {@link Reason} keeps these apart. */
public final class KeysFailed extends TidemarkException {
    private final Reason reason;

    /** What came back, or did not. */
    public enum Reason {
        /** Whoever keeps the keys was asked and has none such, or none that we may see. */
        ABSENT,
        /** Refused to us: token, certificate, policy, file mode. */
        DENIED,
        /** Nobody answered, or too late, or not now: nothing is known of the key. */
        UNREACHABLE,
        /** Whoever answered could not prove to be the configured server: nothing is known of the key. */
        UNTRUSTED,
        /** Several keys fit, and nothing says which. */
        AMBIGUOUS,
        /** There, but not the key that was meant, or none at all. */
        WRONG,
        /** There, but not given out in the state that it is in. */
        STATE,
        /** Destroyed: nobody can give it back. */
        LOST,
        /** None of these: a file that is no key, an answer that is none. */
        UNUSABLE
    }

    public KeysFailed(String message) {
        this(Reason.UNUSABLE, message, null, null);
    }

    public KeysFailed(String message, @Nullable Throwable cause) {
        this(Reason.UNUSABLE, message, null, cause);
    }

    public KeysFailed(String message, String hint) {
        this(Reason.UNUSABLE, message, hint, null);
    }

    public KeysFailed(String message, String hint, @Nullable Throwable cause) {
        this(Reason.UNUSABLE, message, hint, cause);
    }

    public KeysFailed(Reason reason, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public FailureKind kind() {
        return FailureKind.KEYS;
    }

    @Override
    public boolean isTransient() {
        return reason == Reason.UNREACHABLE;
    }
}
