package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** The text is not the name of an object: it may come from a hostile manifest, so it is refused before any use. */
public final class InvalidName extends StoreException {

    private static final long serialVersionUID = 1L;

    public InvalidName(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.INVALID_NAME;
    }
}
