package io.tidemark.pipeline.postgres.message;

import java.util.Arrays;

/** A few bytes as a value, never printed: they may be a secret. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] content;

    /** @param content the value's own from now on */
    public Bytes(byte[] content) {
        this.content = content;
    }

    public byte[] toArray() {
        return Arrays.copyOf(content, content.length);
    }

    public int length() {
        return content.length;
    }

    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
