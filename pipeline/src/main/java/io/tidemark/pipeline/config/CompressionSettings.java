package io.tidemark.pipeline.config;

/**
 * {@code compression}.
 *
 * @param level Zstandard's, 1 to 19: higher ones ask readers for windows over FORMAT.md's 8 MiB
 */
public record CompressionSettings(int level) {}
