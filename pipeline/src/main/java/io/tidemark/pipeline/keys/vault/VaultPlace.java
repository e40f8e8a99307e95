package io.tidemark.pipeline.keys.vault;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where keys are and how we come there.
 *
 * @param address scheme, host and perhaps port; http only for this host itself
 * @param mount of the KV store, without slashes at its ends
 * @param tokenFile read before each request; for its owner only
 * @param namespace null for none
 * @param trust certificates in PEM; null for those that Java trusts
 * @param deadline of one request, connecting included
 */
public record VaultPlace(
        URI address,
        String mount,
        Path tokenFile,
        @Nullable String namespace,
        @Nullable Path trust,
        Duration deadline) {

    String host() {
        String host = address.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return address.getPort() >= 0 ? address.getPort() : isTls() ? 443 : 80;
    }

    boolean isTls() {
        return address.getScheme().equals("https");
    }

    /** For messages, and for the field {@code Host}. */
    String authority() {
        return address.getHost() + ":" + port();
    }
}
