package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** What is there is not what a store has made: no regular file, shorter than it was, a body of another length than it said. */
public final class IntegrityFailed extends StoreException {

    private static final long serialVersionUID = 1L;

    public IntegrityFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.INTEGRITY;
    }
}
