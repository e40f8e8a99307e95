package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.keys.vault.VaultKeyProvider;
import io.tidemark.pipeline.keys.vault.VaultPlace;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;

/**
 * Makes the providers that are servers. Apart from {@link ConfiguredKeys}, so that archiving with key files loads nothing of
 * connections.
 */
public final class KeyServers {
    /** pg_tde's own for a request to Vault. */
    private static final Duration VAULT_DEADLINE = Duration.ofSeconds(10);

    private final Supplier<EventLoops> loops;
    private final Scheduler files;
    private final SecureRandom random;

    /** @param loops asked when a connection is made */
    public KeyServers(Supplier<EventLoops> loops, Scheduler files, SecureRandom random) {
        this.loops = loops;
        this.files = files;
        this.random = random;
    }

    KeySource vault(KeyProviderSettings.InVault settings) {
        VaultPlace place = new VaultPlace(
                settings.address(),
                settings.mount(),
                settings.tokenFile(),
                settings.namespace(),
                settings.trust(),
                VAULT_DEADLINE);
        VaultKeyProvider provider =
                new VaultKeyProvider(settings.name(), place, () -> loops.get().connecting(), files, random);
        return new KeySource(RecipientKind.VAULT, provider, null, provider);
    }
}
