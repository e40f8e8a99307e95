package io.tidemark.pipeline.config;

/**
 * {@code restore}.
 *
 * @param rangeBytes the most that one request asks of a pack
 * @param parallel how many requests are under way at once
 */
public record RestoreSettings(long rangeBytes, int parallel) {}
