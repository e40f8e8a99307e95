package io.tidemark.pipeline.keys.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What came back: perhaps with a key in it, so it is closed by who has it. */
final class VaultAnswer implements AutoCloseable {
    private final int status;
    private final byte[] body;
    private final @Nullable String location;

    /** @param body given */
    VaultAnswer(int status, byte[] body, @Nullable String location) {
        this.status = status;
        this.body = body;
        this.location = location;
    }

    int status() {
        return status;
    }

    /** Lent. */
    byte[] body() {
        return body;
    }

    /** Where a redirect points. */
    @Nullable
    String location() {
        return location;
    }

    @Override
    public void close() {
        Arrays.fill(body, (byte) 0);
    }

    @Override
    public String toString() {
        return "VaultAnswer[" + status + ", " + body.length + " bytes]";
    }
}
