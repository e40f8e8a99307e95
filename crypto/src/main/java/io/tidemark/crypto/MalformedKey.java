package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/** A key file, PEM text or passphrase that does not give a key of the wanted kind. */
public final class MalformedKey extends CryptoException {
    private static final long serialVersionUID = 1L;

    public MalformedKey(String message) {
        this(message, null);
    }

    public MalformedKey(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "malformed-key";
    }
}
