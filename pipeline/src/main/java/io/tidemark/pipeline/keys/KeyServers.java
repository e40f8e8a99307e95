package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.pipeline.config.KeyCacheSettings;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.cache.CacheBounds;
import io.tidemark.pipeline.keys.cache.CachingKeyProvider;
import io.tidemark.pipeline.keys.kmip.KmipKeyProvider;
import io.tidemark.pipeline.keys.kmip.KmipServers;
import io.tidemark.pipeline.keys.vault.VaultKeyProvider;
import io.tidemark.pipeline.keys.vault.VaultPlace;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Makes the providers that are servers. Apart from {@link ConfiguredKeys}, so that archiving with key files loads nothing of
 * connections.
 */
public final class KeyServers implements AutoCloseable {
    /** pg_tde's own for a request to Vault. */
    private static final Duration VAULT_DEADLINE = Duration.ofSeconds(10);

    /** Of one server: those of a repository's generations, and of several clusters; whoever can write there may name more. */
    private static final int MOST_KEYS = 64;

    private final Supplier<EventLoops> loops;
    private final Scheduler files;
    private final SecureRandom random;
    private final Map<String, String> environment;
    private final Supplier<EventLog> events;
    private final Clock clock;
    private final List<CachingKeyProvider> caches = new ArrayList<>();
    private @Nullable KmipServers kmip;

    /**
     * @param loops asked when a connection is made
     * @param environment for passwords
     * @param events asked for when there is a server
     */
    public KeyServers(
            Supplier<EventLoops> loops,
            Scheduler files,
            SecureRandom random,
            Map<String, String> environment,
            Supplier<EventLog> events,
            Clock clock) {
        this.loops = loops;
        this.files = files;
        this.random = random;
        this.environment = Map.copyOf(environment);
        this.events = events;
        this.clock = clock;
    }

    KeySource kmip(KeyProviderSettings.InKmip settings) {
        KmipKeyProvider provider = new KmipKeyProvider(settings, kmipServers(), files, random, events.get());
        return new KeySource(RecipientKind.KMIP, provider, provider, provider);
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

    /** For who asks a KMIP server itself and not for its keys. */
    public KmipServers kmipServers() {
        KmipServers known = kmip;
        if (known == null) {
            known = new KmipServers(loops, files, random, environment);
            kmip = known;
        }
        return known;
    }

    /** The same, with its keys kept in memory for as long as the settings say. */
    KeySource cached(KeySource source, KeyCacheSettings settings) {
        if (settings.isOff()) {
            return source;
        }
        CachingKeyProvider cache = new CachingKeyProvider(
                source.provider(),
                new CacheBounds(settings.lifetime(), settings.staleFor(), MOST_KEYS),
                clock,
                files,
                random,
                events.get());
        caches.add(cache);
        return source.with(cache);
    }

    /** Wipes the keys that are kept, and ends connections; the event loops are somebody else's. */
    @Override
    public void close() {
        caches.forEach(CachingKeyProvider::close);
        if (kmip != null) {
            kmip.close();
        }
    }
}
