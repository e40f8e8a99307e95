package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/** Sealed bytes are not what was sealed: cut, changed, moved, renamed, or sealed under another key. An integrity failure. */
public final class AuthenticationFailed extends CryptoException {
    private static final long serialVersionUID = 1L;

    public AuthenticationFailed(String message) {
        this(message, null);
    }

    public AuthenticationFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "authentication-failed";
    }
}
