package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.util.Locale;

/**
 * What a TCP connection is protected by. libpq's {@code allow} and {@code prefer} are refused: both go on without TLS where somebody on
 * the way says that there is none.
 */
public enum SslMode {
    DISABLE,
    /** TLS with whoever answers; SCRAM's channel binding still proves that it is the server that knows the password. */
    REQUIRE,
    /** The server's certificate leads to a trusted one. */
    VERIFY_CA,
    /** And it is for this host's name. */
    VERIFY_FULL;

    static SslMode parse(String text) {
        for (SslMode mode : values()) {
            if (mode.toString().equals(text)) {
                return mode;
            }
        }
        if (text.equals("allow") || text.equals("prefer")) {
            throw new UsageError(
                    "sslmode=" + text + " is refused: it goes on without TLS where somebody on the way wants it so",
                    "write verify-full, verify-ca, require or disable");
        }
        throw new UsageError("sslmode: expected verify-full, verify-ca, require or disable");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
