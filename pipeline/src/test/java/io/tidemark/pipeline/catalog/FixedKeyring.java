package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealingKey;
import reactor.core.publisher.Mono;

/**
 * A keyset that never changes.
 *
 * @param closing what {@link #close} does
 */
public record FixedKeyring(SealingKeyset keyset, KeysetDerivations derivations, Runnable closing) implements Keyring {

    /** Closes the keys with itself. */
    public static FixedKeyring owning(SealingKeyset keyset, String cluster) {
        KeysetDerivations derivations = keyset.derive(cluster);
        return new FixedKeyring(keyset, derivations, () -> {
            derivations.close();
            keyset.close();
        });
    }

    /** For several repositories under the same keys, which somebody else closes. */
    public static FixedKeyring lent(SealingKeyset keyset, KeysetDerivations derivations) {
        return new FixedKeyring(keyset, derivations, () -> {});
    }

    @Override
    public int generation() {
        return 1;
    }

    @Override
    public SealingKey sealing() {
        return keyset.primary();
    }

    @Override
    public Mono<SealingKeyset> refresh() {
        return Mono.just(keyset);
    }

    @Override
    public void close() {
        closing.run();
    }
}
