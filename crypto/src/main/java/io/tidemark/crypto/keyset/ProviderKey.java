package io.tidemark.crypto.keyset;

import org.jspecify.annotations.Nullable;

/**
 * Which key of a KMS a recipient stands for.
 *
 * @param provider our name of the provider
 * @param name the key's name there
 * @param id its unique identifier there; null where the server has none
 * @param check its check value; null where the key may not leave the server, so that nobody can compute it
 */
public record ProviderKey(
        String provider,
        String name,
        @Nullable String id,
        @Nullable CheckValue check) {}
