package io.tidemark.pipeline.postgres.wire;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What protects a connection, which decides what may be said over it.
 *
 * @param certificate the server's, over TLS; null else
 */
public record Security(Protection protection, @Nullable X509Certificate certificate) {

    /** From the most to the least. */
    public enum Protection {
        /** A Unix socket or the loopback interface. */
        LOCAL,
        /** TLS, and the server's certificate leads to a trusted one. */
        VERIFIED_TLS,
        /** TLS with whoever answered. */
        UNVERIFIED_TLS,
        /** Everybody on the way reads it. */
        PLAIN
    }

    /** Whether a password may be said as it is. */
    public boolean keepsSecrets() {
        return protection == Protection.LOCAL || protection == Protection.VERIFIED_TLS;
    }

    public boolean isTls() {
        return certificate != null;
    }
}
