package io.tidemark.pipeline.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One item of {@code keys.recipients}. */
public sealed interface RecipientSettings {

    /**
     * {@code - { provider: NAME, key: KEY, how: get }}: the provider exists in {@link KeySettings#providers}.
     *
     * @param key the key's name there; null only for a provider of a file
     * @param how {@code ENCRYPT} only for one that can
     */
    record OfProvider(String provider, @Nullable String key, How how) implements RecipientSettings {
        /** Where the encryption is done. */
        public enum How {
            /** Here: the key is fetched. */
            GET,
            /** At the key's server, which the key may not leave. */
            ENCRYPT
        }
    }

    /**
     * {@code - { recovery: FILE }}.
     *
     * @param publicKey absolute; X25519, PEM; not a secret
     */
    record Recovery(Path publicKey) implements RecipientSettings {}
}
