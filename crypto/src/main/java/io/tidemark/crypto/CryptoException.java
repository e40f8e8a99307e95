package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/**
 * Why something did not open. The leaves tell the handling apart; none of them is worth a retry with the same input.
 * No message holds a key, a plaintext or a ciphertext.
 */
public abstract sealed class CryptoException extends RuntimeException
        permits AuthenticationFailed,
                DamagedTdeFile,
                KeyMismatch,
                MalformedGeneration,
                MalformedKey,
                MalformedKeyset,
                RootMismatch,
                UnknownTdeVersion {
    private static final long serialVersionUID = 1L;

    CryptoException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A stable name of the kind of failure, for logs and {@code --json}. */
    public abstract String code();

    /** Whether the same call can succeed later: never, since nothing here depends on time. */
    public final boolean isTransient() {
        return false;
    }
}
