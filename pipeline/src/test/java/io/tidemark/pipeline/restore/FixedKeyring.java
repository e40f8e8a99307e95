package io.tidemark.pipeline.restore;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.catalog.Keyring;
import reactor.core.publisher.Mono;

/** A keyset that never changes. */
final class FixedKeyring implements Keyring {
    private final SealingKeyset keyset;
    private final KeysetDerivations derivations;

    FixedKeyring(SealingKeyset keyset, String cluster) {
        this.keyset = keyset;
        this.derivations = keyset.derive(cluster);
    }

    @Override
    public SealingKeyset keyset() {
        return keyset;
    }

    @Override
    public int generation() {
        return 1;
    }

    @Override
    public KeysetDerivations derivations() {
        return derivations;
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
        derivations.close();
        keyset.close();
    }
}
