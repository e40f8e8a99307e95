package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.CheckValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which key of a provider. Not secret.
 *
 * @param key the key's name at the provider; null where the provider has just one, such as a file
 * @param uniqueIdentifier KMIP's, where it is known: a name may have moved to other material since
 * @param check what the key's check value must be; null where any key of the name will do
 */
public record KeyReference(
        @Nullable String key,
        @Nullable String uniqueIdentifier,
        @Nullable CheckValue check) {
    /** The provider's only key, or its default one. */
    public static final KeyReference ONLY = new KeyReference(null, null, null);

    /** The same key, which must have this check value. */
    public KeyReference withCheck(CheckValue expected) {
        return new KeyReference(key, uniqueIdentifier, expected);
    }

    /** For messages: {@code key "tidemark-prod" (3c1a…)}; empty where neither is known. */
    Optional<String> described() {
        if (key == null && uniqueIdentifier == null) {
            return Optional.empty();
        }
        return Optional.of((key == null ? "key" : "key \"" + key + "\"")
                + (uniqueIdentifier == null ? "" : " (" + uniqueIdentifier + ")"));
    }
}
