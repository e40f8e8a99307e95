package io.tidemark.pipeline.config;

import java.nio.file.Path;

/** One item of {@code keys.recipients}. */
public sealed interface RecipientSettings {

    /** {@code - { provider: NAME }}: the provider exists in {@link KeySettings#providers}. */
    record OfProvider(String provider) implements RecipientSettings {}

    /**
     * {@code - { recovery: FILE }}.
     *
     * @param publicKey absolute; X25519, PEM; not a secret
     */
    record Recovery(Path publicKey) implements RecipientSettings {}
}
