package io.tidemark.pipeline.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A notice or an error in the server's words.
 *
 * @param severity never translated: {@code WARNING}, {@code ERROR}, {@code FATAL}
 * @param sqlState five characters
 */
public record ServerNotice(
        String severity,
        String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint) {}
