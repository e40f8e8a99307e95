package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/** The key at hand is not the key that a recipient was made for. A failure of keys, not of integrity. */
public final class KeyMismatch extends CryptoException {
    private static final long serialVersionUID = 1L;

    public KeyMismatch(String message) {
        this(message, null);
    }

    public KeyMismatch(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "key-mismatch";
    }
}
