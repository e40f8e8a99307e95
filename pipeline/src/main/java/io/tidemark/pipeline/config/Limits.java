package io.tidemark.pipeline.config;

/**
 * {@code limits}.
 *
 * @param memoryBytes what all buffers of the process may take together
 * @param workers threads for compression and cryptography; at least 1
 */
public record Limits(long memoryBytes, int workers) {}
