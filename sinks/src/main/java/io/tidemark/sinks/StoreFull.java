package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** There is no room for the object: the device or a quota is full. */
public final class StoreFull extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreFull(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.FULL;
    }
}
