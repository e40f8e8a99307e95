package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.crypto.RootMismatch;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What is derived from a cluster's root key for one cluster uuid: the root that identifies it, and the keys of name
 * digests and page lists. Close it to wipe the two keys. The root is no secret.
 *
 * <p>Source: docs/FORMAT.md section 4, "Root".
 */
public final class KeysetDerivations implements AutoCloseable {
    private static final int ROOT_BYTES = 16;
    private static final int KEY_BYTES = 32;

    private final byte[] root;
    private final byte[] names;
    private final byte[] pages;
    private volatile boolean closed;

    KeysetDerivations(byte[] rootKey, String cluster) {
        this.root = Derivation.derive(rootKey, cluster, "root", ROOT_BYTES);
        this.names = Derivation.derive(rootKey, cluster, "names", KEY_BYTES);
        this.pages = Derivation.derive(rootKey, cluster, "pages", KEY_BYTES);
    }

    /** The 16 bytes of the root; a copy. */
    public byte[] root() {
        return root.clone();
    }

    /** The root as configured and printed on the recovery sheet: 32 lower-case hex digits. */
    public String rootHex() {
        return HexFormat.of().formatHex(root);
    }

    /**
     * Holds the keyset against the root that the configuration or the recovery sheet names.
     *
     * @throws RootMismatch where it is another: the keyset was not made by this cluster's {@code init}
     */
    public void requireRoot(String expectedHex) {
        if (!MessageDigest.isEqual(
                rootHex().getBytes(US_ASCII),
                expectedHex.toLowerCase(Locale.ROOT).getBytes(US_ASCII))) {
            throw new RootMismatch("keyset has root " + rootHex() + ", expected " + expectedHex
                    + ". HINT: the generation is another cluster's or forged; it was not used");
        }
    }

    /** A fresh digest for names of objects. */
    public NameDigest newNameDigest() {
        requireOpen();
        return new NameDigest(names);
    }

    /** A fresh maker of page-list entries, one for each thread that reads pages. */
    public PageDigests pages() {
        requireOpen();
        return new PageDigests(pages);
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(names, (byte) 0);
        Arrays.fill(pages, (byte) 0);
    }

    @Override
    public String toString() {
        return "KeysetDerivations[root " + rootHex() + "]";
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("derived keys used after they were wiped");
        }
    }
}
