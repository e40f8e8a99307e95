package io.tidemark.it.recover;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.catalog.Keyring;
import reactor.core.publisher.Mono;

/** The keyset of a repository in which nobody rotates any more. */
record FixedKeyring(SealingKeyset keyset) implements Keyring {
    @Override
    public int generation() {
        return 2;
    }

    @Override
    public KeysetDerivations derivations() {
        return keyset.derive(Frozen.uuid());
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
        keyset.close();
    }
}
