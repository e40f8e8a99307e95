package io.tidemark.kmip;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The bytes of a key: compared in constant time, printed as a length, wiped on {@link #close()} by whoever got it. Usable from any
 * thread; closing twice is fine, using it afterwards is a bug. One search for {@code insecure} lists who touches raw keys.
 */
public final class KeyMaterial implements AutoCloseable {
    private final byte[] bytes;
    private volatile boolean closed;

    private KeyMaterial(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy; the caller still owns, and wipes, its own array. */
    public static KeyMaterial copyOf(byte[] bytes) {
        return new KeyMaterial(bytes.clone());
    }

    /** Reads so many bytes of a buffer, which is lent, and leaves zeros in their place, so that a pooled buffer takes no key along. */
    public static KeyMaterial readAndWipe(ByteBuf in, int length) {
        int from = in.readerIndex();
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        in.setZero(from, length);
        return new KeyMaterial(bytes);
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    /**
     * A copy of the bytes, which the caller owns and wipes.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public byte[] insecureCopy() {
        return open().clone();
    }

    /** Appends the bytes to a buffer, which is lent and becomes as secret as they are. */
    public void insecureWriteTo(ByteBuf out) {
        out.writeBytes(open());
    }

    /** Another holder of the same bytes, closed on its own. */
    public KeyMaterial duplicate() {
        return copyOf(open());
    }

    /** Whether both hold the same bytes; takes the same time wherever they differ. */
    public boolean matches(KeyMaterial other) {
        return MessageDigest.isEqual(open(), other.open());
    }

    /** As {@link #matches}; one that was wiped equals itself alone. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof KeyMaterial material && !closed && !material.closed && matches(material);
    }

    /** Of the length only: a hash of the bytes would be a way to guess them. */
    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + bytes.length + "]";
    }

    private byte[] open() {
        if (closed) {
            throw new IllegalStateException("key material used after it was wiped");
        }
        return bytes;
    }
}
