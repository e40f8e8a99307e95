package io.tidemark.pipeline.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PostgreSQL is unreachable, refuses, has the wrong version or lacks a privilege. */
public final class PostgresFailed extends TidemarkException {
    private final @Nullable String sqlState;

    public PostgresFailed(String message) {
        this(message, null, null, List.of(), null);
    }

    public PostgresFailed(String message, @Nullable Throwable cause) {
        this(message, null, null, List.of(), cause);
    }

    public PostgresFailed(String message, String hint) {
        this(message, hint, null, List.of(), null);
    }

    public PostgresFailed(String message, String hint, @Nullable Throwable cause) {
        this(message, hint, null, List.of(), cause);
    }

    /**
     * @param sqlState five characters, where the server itself refused
     * @param details one a host, where several were tried
     */
    public PostgresFailed(
            String message,
            @Nullable String hint,
            @Nullable String sqlState,
            List<String> details,
            @Nullable Throwable cause) {
        super(message, details, hint, cause);
        this.sqlState = sqlState;
    }

    /** The server's own code for what is wrong, {@code 42501}; empty where not the server said it. */
    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }

    @Override
    public FailureKind kind() {
        return FailureKind.POSTGRES;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
