package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.pipeline.keys.provider.KeyCreator;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import org.jspecify.annotations.Nullable;

/**
 * One configured provider and what it can do.
 *
 * @param kind of the recipients that its keys make
 * @param wrapper for keys that may not leave it; null where all do
 * @param creator null where keys are made by others
 */
record KeySource(
        RecipientKind kind,
        KeyProvider provider,
        @Nullable KeyWrapper wrapper,
        @Nullable KeyCreator creator) {

    static KeySource file(KeyProvider provider) {
        return new KeySource(RecipientKind.FILE, provider, null, null);
    }

    /** The same place, asked for keys through another provider. */
    KeySource with(KeyProvider other) {
        return new KeySource(kind, other, wrapper, creator);
    }

    Identity identity() {
        return kind == RecipientKind.FILE ? new FileIdentity(provider) : new ServerIdentity(kind, provider, wrapper);
    }
}
