package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** The store could not be asked: its root or mount is gone, the device fails, no answer in time. It says nothing about objects. */
public final class StoreUnavailable extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.UNAVAILABLE;
    }
}
