package io.tidemark.pipeline.config;

import org.jspecify.annotations.Nullable;

/**
 * {@code limits}.
 *
 * @param memoryBytes what all buffers of the process may take together
 * @param workers threads for compression and cryptography; at least 1
 * @param upload bytes a second to all repositories together; null for no limit, likewise download
 */
public record Limits(
        long memoryBytes,
        int workers,
        @Nullable Long upload,
        @Nullable Long download) {

    /** Whether there is a limit of upload or of download. */
    public boolean anyRate() {
        return upload != null || download != null;
    }
}
