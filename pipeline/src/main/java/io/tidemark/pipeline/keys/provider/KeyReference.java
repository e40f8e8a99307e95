package io.tidemark.pipeline.keys.provider;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.crypto.keyset.ProviderKey;
import org.jspecify.annotations.Nullable;

/**
 * Which key of a provider. Not secret.
 *
 * @param key the key's name at the provider; null where the provider has just one, such as a file
 * @param uniqueIdentifier where it is known: a name may have moved to other material since
 * @param check what the key's check value must be; null where any key of the name will do
 */
public record KeyReference(
        @Nullable String key,
        @Nullable String uniqueIdentifier,
        @Nullable CheckValue check) {
    /** The provider's only key. */
    public static final KeyReference ONLY = new KeyReference(null, null, null);

    /** The key of that name; null: the only one. */
    public static KeyReference named(@Nullable String key) {
        return new KeyReference(key, null, null);
    }

    /** Exactly that object, where it is still what it was. */
    public static KeyReference of(ProviderKey key) {
        return new KeyReference(key.name(), key.id(), key.check());
    }

    /** The same key, which must have this check value. */
    public KeyReference withCheck(@Nullable CheckValue expected) {
        return new KeyReference(key, uniqueIdentifier, expected);
    }

    /** For messages: {@code key "tidemark-prod" (3c1a…)}, {@code the key}. Holds what was typed or read: to be printed with care. */
    public String described() {
        String named = key == null ? "the key" : "key \"" + key + "\"";
        return uniqueIdentifier == null ? named : named + " (" + uniqueIdentifier + ")";
    }
}
