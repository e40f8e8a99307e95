package io.tidemark.pipeline.keys.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request with the token in it. By hand and not by Netty's encoder, so that token and key stand in one buffer, which
 * is wiped; what TLS copies of it cannot be.
 */
final class VaultRequest implements AutoCloseable {
    private final String head;
    private final byte[] token;
    private final byte[] body;

    private VaultRequest(String head, byte[] token, byte[] body) {
        this.head = head;
        this.token = token;
        this.body = body;
    }

    /** @param token given */
    static VaultRequest get(VaultPlace place, String path, byte[] token) {
        return new VaultRequest(head("GET", place, path, null), token, new byte[0]);
    }

    /** @param token given, as is the body, in JSON */
    static VaultRequest post(VaultPlace place, String path, byte[] token, byte[] body) {
        return new VaultRequest(head("POST", place, path, body.length), token, body);
    }

    private static String head(String method, VaultPlace place, String path, @Nullable Integer length) {
        String namespace = place.namespace();
        return method + " " + path + " HTTP/1.1\r\nHost: " + place.authority()
                + "\r\nAccept: application/json\r\nConnection: close\r\nX-Vault-Request: true\r\n"
                + (namespace == null ? "" : "X-Vault-Namespace: " + namespace + "\r\n")
                + (length == null ? "" : "Content-Type: application/json\r\nContent-Length: " + length + "\r\n")
                + "X-Vault-Token: ";
    }

    /** The bytes to send, given; {@link #wipe} is for when they are sent. */
    ByteBuf encode(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(head.length() + token.length + 4 + body.length);
        out.writeCharSequence(head, US_ASCII);
        out.writeBytes(token);
        out.writeCharSequence("\r\n\r\n", US_ASCII);
        return out.writeBytes(body);
    }

    /** Whether a text repeats the token, as a server might that shows what it was asked. */
    boolean isIn(String text) {
        return token.length > 0 && text.contains(new String(token, US_ASCII));
    }

    static void wipe(ByteBuf buffer) {
        buffer.setZero(0, buffer.capacity());
    }

    @Override
    public void close() {
        Arrays.fill(token, (byte) 0);
        Arrays.fill(body, (byte) 0);
    }
}
