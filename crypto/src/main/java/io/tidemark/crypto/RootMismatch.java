package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/** A keyset that opens but does not hold the cluster's root key: made by somebody else, or for another cluster. */
public final class RootMismatch extends CryptoException {
    private static final long serialVersionUID = 1L;

    public RootMismatch(String message) {
        this(message, null);
    }

    public RootMismatch(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "root-mismatch";
    }
}
