package io.tidemark.pipeline.config;

import java.time.Duration;

/**
 * {@code archive-push}.
 *
 * @param deadline after it the command has ended, with 10 where the file was not durable by then
 */
public record ArchivePushSettings(Duration deadline) {}
