package io.tidemark.pipeline.catalog.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Where a Zstandard frame of a manifest begins; each begins with a whole line.
 *
 * @param offset in the manifest's content, in bytes
 * @param firstPath the path of the frame's first line, null where that is no file line
 */
public record FrameStart(long offset, @Nullable FilePath firstPath) {}
