package io.tidemark.crypto;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that must not leak: copied in, handed out only against {@link KeyAccess}, compared in constant time, printed as
 * a length, wiped on {@link #close()}. Usable from any thread; closing twice is fine, using it afterwards is a bug.
 */
public final class SecretBytes implements AutoCloseable {
    private final byte[] bytes;
    private volatile boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy; the caller still owns, and wipes, its own array. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
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
    public byte[] copy(KeyAccess access) {
        requireNonNull(access);
        return open().clone();
    }

    /** Another holder of the same bytes, closed on its own. */
    public SecretBytes duplicate() {
        return copyOf(open());
    }

    /** Whether both hold the same bytes; takes the same time wherever they differ. */
    public boolean matches(SecretBytes other) {
        return MessageDigest.isEqual(open(), other.open());
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + "]";
    }

    private byte[] open() {
        if (closed) {
            throw new IllegalStateException("secret bytes used after they were wiped");
        }
        return bytes;
    }
}
