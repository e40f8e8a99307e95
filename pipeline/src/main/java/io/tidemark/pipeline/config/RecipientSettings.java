package io.tidemark.pipeline.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One item of {@code keys.recipients}. */
public sealed interface RecipientSettings {

    /**
     * {@code - { provider: NAME, key: KEY }}: the provider exists in {@link KeySettings#providers}.
     *
     * @param key the key's name there; null only for a provider of a file
     */
    record OfProvider(String provider, @Nullable String key) implements RecipientSettings {}

    /**
     * {@code - { recovery: FILE }}.
     *
     * @param publicKey absolute; X25519, PEM; not a secret
     */
    record Recovery(Path publicKey) implements RecipientSettings {}
}
