package io.tidemark.crypto.keyset;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import javax.crypto.Mac;

/**
 * The digest that stands in names of partial, rival and second objects: the first 16 hex digits of HMAC-SHA-256 of the
 * bytes found, keyed so that who sees names learns nothing about content. One use, one thread.
 */
public final class NameDigest {
    private static final int BYTES = 8;

    private final Mac mac;

    NameDigest(byte[] key) {
        this.mac = Derivation.hmac(key);
    }

    /** Adds the bytes from position to limit, lent; consumed. */
    public NameDigest update(ByteBuffer bytes) {
        mac.update(bytes);
        return this;
    }

    /** The sixteen lower-case hex digits; begins anew afterwards. */
    public String first16Hex() {
        return HexFormat.of().formatHex(mac.doFinal(), 0, BYTES);
    }
}
