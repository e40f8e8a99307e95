package io.tidemark.kmip.testing;

import java.util.List;

/**
 * How a scripted server speaks TLS.
 *
 * @param certificate a file of {@link Pki}, as {@code server-chain.crt}
 * @param key the file of its key
 * @param clients what it wants of clients
 * @param protocols as {@code TLSv1.3}
 * @param ciphers empty for Netty's list
 */
public record ServerTls(String certificate, String key, Clients clients, List<String> protocols, List<String> ciphers) {
    /** What a server wants of a client. */
    public enum Clients {
        /** A certificate of {@code ca.crt}; without it there is no handshake (PyKMIP, Go). */
        NEEDED,
        /** The handshake succeeds without; the connection is closed at the first request (Cosmian KMS). */
        MISSED_AT_THE_FIRST_REQUEST,
        /** Nothing. */
        NOT_ASKED
    }

    public ServerTls {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /** A good certificate for localhost, TLS 1.2 and 1.3, clients need one of {@code ca.crt}. */
    public static ServerTls good() {
        return new ServerTls("server.crt", "server.key", Clients.NEEDED, List.of("TLSv1.3", "TLSv1.2"), List.of());
    }

    /** Another certificate with the RSA key of {@link #good}. */
    public ServerTls showing(String file) {
        return showing(file, "server.key");
    }

    public ServerTls showing(String file, String itsKey) {
        return new ServerTls(file, itsKey, clients, protocols, ciphers);
    }

    public ServerTls clients(Clients wanted) {
        return new ServerTls(certificate, key, wanted, protocols, ciphers);
    }

    public ServerTls protocols(String... names) {
        return new ServerTls(certificate, key, clients, List.of(names), ciphers);
    }

    public ServerTls ciphers(String... names) {
        return new ServerTls(certificate, key, clients, protocols, List.of(names));
    }
}
