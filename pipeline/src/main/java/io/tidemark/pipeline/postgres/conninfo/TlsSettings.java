package io.tidemark.pipeline.postgres.conninfo;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken. Files are read by who connects.
 *
 * @param roots PEM file of trusted certificates; null for the system's
 * @param certificate PEM file of the client's certificate chain; null for none
 * @param key PEM file of its private key
 * @param protocols in JSSE's names, {@code TLSv1.3}
 */
public record TlsSettings(
        SslMode mode,
        @Nullable Path roots,
        @Nullable Path certificate,
        @Nullable Path key,
        Negotiation negotiation,
        ServerName serverName,
        List<String> protocols) {

    /** How TLS begins. */
    public enum Negotiation {
        /** PostgreSQL is asked first. */
        POSTGRES,
        /** At once; PostgreSQL 17 and later understand it. */
        DIRECT
    }

    /** Whether the host's name is sent in the clear, for proxies that choose by it. */
    public enum ServerName {
        SENT,
        NOT_SENT
    }

    public TlsSettings {
        protocols = List.copyOf(protocols);
    }
}
