package io.tidemark.pipeline.config;

import java.time.Duration;

/**
 * {@code archive-get}.
 *
 * @param deadline after it the command has ended, with doubt where the answer was not known by then
 * @param patience how long a gap, or doubt on a standby, is retried before it is answered
 */
public record ArchiveGetSettings(Duration deadline, Duration patience) {}
