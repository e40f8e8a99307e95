package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/** A {@code keys/<generation>.json} that is not what the format says, or of a format number that is not known. */
public final class MalformedGeneration extends CryptoException {
    private static final long serialVersionUID = 1L;

    public MalformedGeneration(String message) {
        this(message, null);
    }

    public MalformedGeneration(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "malformed-generation";
    }
}
