package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** The store knows who asks and says no: permissions, credentials, a read-only file system. */
public final class AccessRefused extends StoreException {

    private static final long serialVersionUID = 1L;

    public AccessRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Kind kind() {
        return Kind.REFUSED;
    }
}
