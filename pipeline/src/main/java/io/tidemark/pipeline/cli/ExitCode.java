package io.tidemark.pipeline.cli;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.sinks.StoreException;

/** The exit codes, CLI.md's table; never reused. {@code ExitCodeTest} compares the two. */
public enum ExitCode {
    DONE(0),
    /** archive-get: absent, for certain. */
    ABSENT(1),
    USAGE(2),
    NOT_IN_THIS_VERSION(3),
    INTEGRITY(4),
    KEYS(5),
    STORE(6),
    POSTGRES(7),
    REFUSED(8),
    BUSY(9),
    DEADLINE(10),
    BUG(70),
    /** archive-get: in doubt, for any reason. PostgreSQL stops its recovery on every code above 125. */
    DOUBT(205);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The one switch from failures to codes; what is none of ours is a bug. */
    public static ExitCode of(Throwable failure) {
        if (failure instanceof TidemarkException ours) {
            return of(ours.kind());
        }
        if (failure instanceof StoreException store) {
            return of(store);
        }
        if (failure instanceof KeyMismatch || failure instanceof MalformedKey) {
            return KEYS;
        }
        if (failure instanceof CryptoException) {
            return INTEGRITY;
        }
        return BUG;
    }

    private static ExitCode of(FailureKind kind) {
        return switch (kind) {
            case USAGE -> USAGE;
            case NOT_IN_THIS_VERSION -> NOT_IN_THIS_VERSION;
            case INTEGRITY -> INTEGRITY;
            case KEYS -> KEYS;
            case STORE -> STORE;
            case POSTGRES -> POSTGRES;
            case REFUSED -> REFUSED;
            case BUSY -> BUSY;
            case DEADLINE -> DEADLINE;
        };
    }

    private static ExitCode of(StoreException failure) {
        return switch (failure.kind()) {
            case INTEGRITY -> INTEGRITY;
            case MISSING, REFUSED, UNAVAILABLE, FULL, UNSUITABLE, INVALID_NAME -> STORE;
        };
    }
}
