package io.tidemark.sinks;

/**
 * A run of bytes of an object: {@code length} bytes from {@code offset}, the first byte being 0. An empty range is
 * allowed and reads nothing.
 */
public record ByteRange(long offset, long length) {

    public ByteRange {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("no range: offset " + offset + ", length " + length);
        }
    }

    public static ByteRange of(long offset, long length) {
        return new ByteRange(offset, length);
    }

    /** The offset of the first byte behind the range. */
    public long end() {
        return offset + length;
    }

    @Override
    public String toString() {
        return "bytes " + offset + " to " + end();
    }
}
