package io.tidemark.kmip.message;

import io.netty.buffer.Unpooled;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.Tag;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that are no secret and never change: a nonce, a tag, a ciphertext, a digest. Equal where the bytes are. */
public final class Bytes {
    private static final int MOST_PRINTED = 32;

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of a copy. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /** Of a copy. */
    public static Bytes of(ByteString item) {
        return new Bytes(item.copy());
    }

    public int length() {
        return bytes.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** A copy under a tag. */
    public ByteString item(Tag tag) {
        return new ByteString(tag, Unpooled.wrappedBuffer(bytes.clone()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** In hexadecimal; of long ones the length. */
    @Override
    public String toString() {
        return bytes.length > MOST_PRINTED
                ? bytes.length + " bytes"
                : HexFormat.of().formatHex(bytes);
    }
}
