package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** The place cannot keep the promises of {@link ObjectStore}: no hard links, no directory fsync, a soft NFS mount. */
public final class StoreUnsuitable extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreUnsuitable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.UNSUITABLE;
    }
}
