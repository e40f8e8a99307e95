package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/**
 * An object that opens under no key of the freshly read keyset: damaged or forged. A leaf of its own because it is dealt with
 * differently from other damage: a writer goes on under {@code <name>.again.<digest>}, a reader looks there (FORMAT.md, section 1).
 */
public final class ForeignObject extends TidemarkException {
    public ForeignObject(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.INTEGRITY;
    }
}
