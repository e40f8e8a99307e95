package io.tidemark.pipeline.keys.vault;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** TLS with Vault: 1.2 or 1.3, chain and name always verified, and in words why that failed. */
final class TlsWords {
    private TlsWords() {}

    /** Reads the trusted certificates: blocks. */
    static SslContext context(VaultPlace place) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("HTTPS");
        Path trust = place.trust();
        try {
            if (trust != null) {
                try (InputStream certificates = Files.newInputStream(trust)) {
                    builder.trustManager(certificates);
                }
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageError("the certificates in " + trust + " cannot be used: " + e.getMessage(), e);
        }
    }

    static KeysFailed failure(VaultPlace place, Throwable cause) {
        String said = deepest(cause);
        String attempted = "no TLS with " + place.authority() + ": ";
        Path trust = place.trust();
        if (said.contains("No name matching") || said.contains("subject alternative")) {
            return untrusted(
                    attempted + "its certificate is for another name: " + said,
                    "configure the name that the certificate has",
                    cause);
        }
        if (said.contains("NotAfter") || said.contains("NotBefore")) {
            return untrusted(attempted + "its certificate is not valid now: " + said, "it has to be renewed", cause);
        }
        if (said.contains("certification path") || said.contains("trust anchor") || said.contains("signature check")) {
            return untrusted(
                    attempted + "its certificate was not issued by whom we trust ("
                            + (trust == null ? "those that Java trusts" : trust) + "): " + said,
                    "name the file of the authority that issued it with vault.trust; it has to send its intermediates",
                    cause);
        }
        boolean refused = cause instanceof SSLException;
        return new KeysFailed(
                refused ? Reason.UNTRUSTED : Reason.UNREACHABLE,
                attempted + said,
                refused ? "is it https that is spoken there?" : null,
                cause);
    }

    private static KeysFailed untrusted(String what, String hint, Throwable cause) {
        return new KeysFailed(Reason.UNTRUSTED, what, hint, cause);
    }

    private static String deepest(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = root.getMessage();
        return said == null ? root instanceof SSLException ? "the handshake failed" : root.toString() : said;
    }
}
