package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** The store was asked and has no object of that name. */
public final class ObjectMissing extends StoreException {

    private static final long serialVersionUID = 1L;

    public ObjectMissing(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.MISSING;
    }
}
