package io.tidemark.pipeline.restore;

import io.tidemark.crypto.CryptoException;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.sinks.StoreException;

/**
 * Within a restore: it was the reading that failed, for the reason that is the cause, and not the writing. Another repository may do
 * better. Never leaves the package.
 */
final class SourceLost extends RuntimeException {
    private final transient Throwable why;

    SourceLost(Throwable why) {
        super(why.getMessage(), why);
        this.why = why;
    }

    /** Whether a failure while reading is the repository's. A bug is not. */
    static boolean isWhy(Throwable error) {
        return error instanceof StoreException
                || error instanceof TidemarkException
                || error instanceof CryptoException;
    }

    Throwable why() {
        return why;
    }
}
