package io.tidemark.pipeline.catalog.manifest;

/**
 * A part of a file and where its bytes are: {@code length} bytes at {@code offset} of the file are those at
 * {@code offsetInChunk} of the chunk, all in bytes.
 */
public record Extent(long offset, long length, LayoutChunk chunk, long offsetInChunk) {}
