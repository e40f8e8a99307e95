package io.tidemark.pipeline.cli;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.sinks.StoreException;

/** The exit codes, the table of docs/exit-codes.md; never reused. {@code ExitCodeTest} compares the two. */
public enum ExitCode {
    DONE(0, "done, durable"),
    /** Not of the table: Nagios has codes of its own. */
    WARNING(1, "check --nagios only: a warning"),
    /** Not of the table either. */
    CRITICAL(2, "check --nagios only: critical"),
    ABSENT(1, "archive-get only: absent, for certain"),
    USAGE(2, "usage or configuration"),
    NOT_IN_THIS_VERSION(3, "not in this version"),
    INTEGRITY(4, "integrity: damaged, forged, conflicting content, wrong cluster"),
    KEYS(5, "keys: missing, denied, unreachable, in the wrong state, of another check value"),
    STORE(6, "store: unreachable, denied, missing, full"),
    POSTGRES(7, "PostgreSQL: unreachable, refused, wrong version, missing privilege"),
    REFUSED(8, "refused for safety: nothing was done"),
    BUSY(9, "busy: another run holds the cluster"),
    DEADLINE(10, "deadline passed, interrupted"),
    BUG(70, "a bug; the message names the report file"),
    /** PostgreSQL stops its recovery on every code above 125. */
    DOUBT(205, "archive-get only: in doubt, for any reason");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Whether it is one of docs/exit-codes.md's own table; the others are Nagios'. */
    boolean isOfTheTable() {
        return this != WARNING && this != CRITICAL;
    }

    public int number() {
        return number;
    }

    /** In the words of docs/exit-codes.md. */
    public String meaning() {
        return meaning;
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

    static ExitCode of(FailureKind kind) {
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
