package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.KeySettings;
import io.tidemark.pipeline.config.RecipientSettings;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.EventLog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the configuration says about keys, as objects: providers, who we are, who the recipients are. */
public final class ConfiguredKeys {
    private final KeySettings settings;
    private final Map<String, String> environment;
    private final SecureRandom random;
    private final Scheduler files;
    private final Map<String, KeyProvider> providers = new LinkedHashMap<>();

    /** @param environment for passphrases, and for where the host keeps state */
    public ConfiguredKeys(KeySettings settings, Map<String, String> environment, SecureRandom random, Scheduler files) {
        this.settings = settings;
        this.environment = Map.copyOf(environment);
        this.random = random;
        this.files = files;
        settings.providers().values().forEach(provider -> providers.put(provider.name(), provider(provider)));
    }

    /** The way to keysets of the cluster, by every key that is configured. */
    public KeysetAccess access(ClusterSettings cluster, EventLog events) {
        RootExpectation root =
                cluster.root() == null ? RootExpectation.notConfigured() : RootExpectation.exactly(cluster.root());
        return new KeysetAccess(identities(), root, memory(events), events);
    }

    /** What this host remembers of repositories. */
    public MemoryDirectory memory(EventLog events) {
        return new MemoryDirectory(memoryDirectory(), files, events);
    }

    /** Each key provider, by name. */
    public List<KeyProvider> providers() {
        return List.copyOf(providers.values());
    }

    /** Who the recipients of a new generation are; reads the public keys' files. */
    public Mono<List<RecipientChoice>> recipients() {
        return Flux.fromIterable(settings.recipients())
                .concatMap(this::recipient)
                .collectList();
    }

    private List<Identity> identities() {
        List<Identity> identities = new ArrayList<>();
        providers.values().forEach(provider -> identities.add(new FileIdentity(provider)));
        Path recoveryKey = settings.recoveryKey();
        if (recoveryKey != null) {
            identities.add(new RecoveryIdentity(
                    RecoveryKeyFile.privateKey(recoveryKey, settings.recoveryPassphrase(), environment, files)));
        }
        return identities;
    }

    private Mono<RecipientChoice> recipient(RecipientSettings recipient) {
        if (recipient instanceof RecipientSettings.Recovery recovery) {
            long others = settings.recipients().stream()
                    .filter(RecipientSettings.Recovery.class::isInstance)
                    .count();
            return RecoveryKeyFile.publicKey(recovery.publicKey(), files)
                    .map(key -> new RecipientChoice.OfRecovery(others > 1 ? "recovery-" + key.id() : "recovery", key));
        }
        String name = ((RecipientSettings.OfProvider) recipient).provider();
        KeyProvider provider = providers.get(name);
        return provider == null
                ? Mono.error(() -> new UsageError("keys.recipients: no provider \"" + name + "\""))
                : Mono.just(new RecipientChoice.OfFile(provider, random));
    }

    private KeyProvider provider(KeyProviderSettings provider) {
        KeyProviderSettings.FromFile file = (KeyProviderSettings.FromFile) provider;
        return new FileKeyProvider(file.name(), file.file(), files);
    }

    /** {@code keys.memory}, or where the XDG base directory specification puts state. */
    private Path memoryDirectory() {
        Path configured = settings.memory();
        if (configured != null) {
            return configured;
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // the user's home as the system's user database has it: PostgreSQL may run us without HOME
        Path base = state.startsWith("/") ? Path.of(state) : Path.of(System.getProperty("user.home"), ".local/state");
        return base.resolve("tidemark");
    }
}
