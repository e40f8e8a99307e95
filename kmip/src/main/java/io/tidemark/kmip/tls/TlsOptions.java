package io.tidemark.kmip.tls;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with one server.
 *
 * @param serverName what the server's certificate must be for, where that is not the host that is connected to
 * @param protocols of {@code TLSv1.3} and {@code TLSv1.2}
 * @param ciphers suites by their IANA names; empty for Netty's list. PyKMIP with an RSA certificate has none of these: it wants
 *     {@code TLS_RSA_WITH_AES_128_CBC_SHA256}, which has no forward secrecy and is to be chosen knowingly
 * @param handshakeTimeout PyKMIP drops a handshake after 10 s itself
 */
public record TlsOptions(
        @Nullable String serverName, List<String> protocols, List<String> ciphers, Duration handshakeTimeout) {
    private static final Set<String> KNOWN_PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    /** TLS 1.3 and 1.2, Netty's ciphers, the host's own name, 10 s. */
    public static final TlsOptions STANDARD =
            new TlsOptions(null, List.of("TLSv1.3", "TLSv1.2"), List.of(), Duration.ofSeconds(10));

    /** @throws IllegalArgumentException for a protocol below 1.2, or a cipher that hides nothing or proves nobody */
    public TlsOptions {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        if (protocols.isEmpty() || !KNOWN_PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("TLS protocols " + protocols + ", expected some of " + KNOWN_PROTOCOLS);
        }
        for (String cipher : ciphers) {
            String name = cipher.toUpperCase(Locale.ROOT);
            if (name.contains("_ANON_") || name.contains("_NULL_") || name.contains("_EXPORT_")) {
                throw new IllegalArgumentException("cipher suite " + cipher + " protects nothing");
            }
        }
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("a handshake timeout of " + handshakeTimeout);
        }
    }

    public TlsOptions withServerName(String name) {
        return new TlsOptions(name, protocols, ciphers, handshakeTimeout);
    }

    public TlsOptions withProtocols(List<String> names) {
        return new TlsOptions(serverName, names, ciphers, handshakeTimeout);
    }

    public TlsOptions withCiphers(List<String> names) {
        return new TlsOptions(serverName, protocols, names, handshakeTimeout);
    }

    public TlsOptions withHandshakeTimeout(Duration timeout) {
        return new TlsOptions(serverName, protocols, ciphers, timeout);
    }
}
