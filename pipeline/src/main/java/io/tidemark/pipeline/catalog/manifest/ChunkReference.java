package io.tidemark.pipeline.catalog.manifest;

/**
 * Where a chunk lies: a range of a pack's content that is one Zstandard frame. In JSON
 * {@code [pack, offset, stored length, length]}.
 *
 * @param pack the number of the pack's line in the manifest
 * @param offset of the frame in the pack's content, in bytes
 * @param storedLength of the frame, in bytes
 * @param length of what it expands to, in bytes; one byte more is damage
 */
public record ChunkReference(int pack, long offset, int storedLength, int length) {
    /** A chunk of a file has at most this many bytes. */
    public static final int MAX_CHUNK_BYTES = 1 << 20;
    /** A layout, which is a chunk of its own kind, has at most this many. */
    public static final int MAX_LAYOUT_BYTES = 64 << 20;

    /** No Zstandard frame has more than a header's and a checksum's bytes, and a bound on what cannot be compressed. */
    private static final int FRAME_OVERHEAD = 1024;

    public ChunkReference {
        if (pack < 1 || pack > 99_999_999) {
            throw new IllegalArgumentException("no pack number: " + pack);
        }
        if (length < 1 || length > MAX_LAYOUT_BYTES) {
            throw new IllegalArgumentException("chunk of " + length + " bytes");
        }
        if (offset < 0 || storedLength < 1 || storedLength > length + (length >> 7) + FRAME_OVERHEAD) {
            throw new IllegalArgumentException(
                    "chunk stored in " + storedLength + " bytes at offset " + offset + " of its pack");
        }
    }

    /** The offset behind the frame. */
    public long end() {
        return offset + storedLength;
    }
}
