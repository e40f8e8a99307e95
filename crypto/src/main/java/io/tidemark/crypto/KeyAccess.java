package io.tidemark.crypto;

/**
 * The token that {@link SecretBytes} asks for before it hands out raw bytes, so that one search for {@code insecure}
 * lists every place that touches them.
 */
public final class KeyAccess {
    private static final KeyAccess INSECURE = new KeyAccess();

    private KeyAccess() {}

    /** The token. Whoever uses it owns the bytes that it gets and wipes them after use. */
    public static KeyAccess insecure() {
        return INSECURE;
    }
}
