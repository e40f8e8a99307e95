package io.tidemark.crypto.seal;

import static io.tidemark.crypto.seal.SealGeometry.HEADER_BYTES;

import io.tidemark.crypto.AuthenticationFailed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first 40 bytes of a sealed object: header length (40) ‖ salt (32) ‖ nonce prefix (7). Random for each attempt at
 * sealing, so equal headers mean the same attempt: that is how a writer knows its own object after a lost answer. Not
 * secret, and not authenticated until segment 0 has opened.
 */
public final class SealHeader {
    private final byte[] bytes;

    private SealHeader(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes 40 bytes from the buffer's position on.
     *
     * @throws AuthenticationFailed where fewer are left or the first one is not 40: no sealed object begins so
     */
    public static SealHeader parse(ByteBuffer from) {
        if (from.remaining() < HEADER_BYTES) {
            throw new AuthenticationFailed(
                    "no sealed object: " + from.remaining() + " bytes, fewer than a header's " + HEADER_BYTES);
        }
        byte[] bytes = new byte[HEADER_BYTES];
        from.get(bytes);
        if (bytes[0] != HEADER_BYTES) {
            throw new AuthenticationFailed(
                    "no sealed object: begins with byte " + (bytes[0] & 0xFF) + " instead of " + HEADER_BYTES);
        }
        return new SealHeader(bytes);
    }

    /** The 40 bytes; a fresh read-only view each time. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SealHeader header && Arrays.compare(bytes, header.bytes) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "SealHeader[" + HexFormat.of().formatHex(bytes) + "]";
    }
}
