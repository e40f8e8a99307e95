package io.tidemark.pipeline.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A notice in the server's words.
 *
 * @param severity never translated: {@code WARNING}, {@code NOTICE}
 * @param sqlState five characters
 */
public record ServerNotice(
        String severity,
        String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint) {}
