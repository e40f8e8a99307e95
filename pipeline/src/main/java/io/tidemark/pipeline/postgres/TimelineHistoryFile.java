package io.tidemark.pipeline.postgres;

import java.nio.ByteBuffer;

/** A timeline's history file, byte for byte. */
public final class TimelineHistoryFile {
    private final String name;
    private final byte[] content;

    TimelineHistoryFile(String name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    /** @param content copied */
    public static TimelineHistoryFile of(String name, byte[] content) {
        return new TimelineHistoryFile(name, content.clone());
    }

    /** {@code 00000002.history}. */
    public String name() {
        return name;
    }

    /** Its bytes, read-only. */
    public ByteBuffer content() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }
}
