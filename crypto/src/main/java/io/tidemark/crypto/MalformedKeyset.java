package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/** An opened keyset that is no keyset of the format, or not the one that its generation commits to. */
public final class MalformedKeyset extends CryptoException {
    private static final long serialVersionUID = 1L;

    public MalformedKeyset(String message) {
        this(message, null);
    }

    public MalformedKeyset(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "malformed-keyset";
    }
}
