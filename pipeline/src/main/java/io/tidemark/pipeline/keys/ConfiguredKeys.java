package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.KeySettings;
import io.tidemark.pipeline.config.RecipientSettings;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.FileKeyProvider;
import io.tidemark.pipeline.keys.provider.KeyCreator;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the configuration says about keys, as objects: providers, who we are, who the recipients are. */
public final class ConfiguredKeys {
    private final KeySettings settings;
    private final Map<String, String> environment;
    private final SecureRandom random;
    private final Scheduler files;
    private final Map<String, KeySource> sources = new LinkedHashMap<>();

    /**
     * @param environment for passphrases, and for where the host keeps state
     * @param servers makes the providers that are servers, where there are any
     */
    public ConfiguredKeys(
            KeySettings settings,
            Map<String, String> environment,
            SecureRandom random,
            Scheduler files,
            KeyServers servers) {
        this.settings = settings;
        this.environment = Map.copyOf(environment);
        this.random = random;
        this.files = files;
        settings.providers().values().forEach(provider -> sources.put(provider.name(), source(provider, servers)));
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

    /**
     * Each key that should be there: those that {@code keys.recipients} names, and of a provider that it does not name the
     * only one, where it can have an only one.
     */
    public List<WantedKey> wanted() {
        List<WantedKey> wanted = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (RecipientSettings recipient : settings.recipients()) {
            if (recipient instanceof RecipientSettings.OfProvider of) {
                named.add(of.provider());
                KeySource source = source(of.provider());
                wanted.add(new WantedKey(source.provider(), KeyReference.named(of.key()), wrapper(source, of)));
            }
        }
        sources.forEach((name, source) -> {
            if (!named.contains(name) && source.kind() == RecipientKind.FILE) {
                wanted.add(new WantedKey(source.provider(), KeyReference.ONLY, null));
            }
        });
        return wanted;
    }

    /**
     * A key, and who should have it.
     *
     * @param wrapper who encrypts with it; null where the key is fetched
     */
    public record WantedKey(
            KeyProvider provider,
            KeyReference key,
            @Nullable KeyWrapper wrapper) {}

    private static @Nullable KeyWrapper wrapper(KeySource source, RecipientSettings.OfProvider recipient) {
        return recipient.how() == RecipientSettings.OfProvider.How.ENCRYPT ? source.wrapper() : null;
    }

    /** Who the recipients of a new generation are; reads the public keys' files. */
    public Mono<List<RecipientChoice>> recipients() {
        return Flux.fromIterable(settings.recipients())
                .concatMap(this::recipient)
                .collectList();
    }

    /**
     * Has the keys of {@code keys.recipients} made that are not there yet, where their providers can; emits those that it
     * made. Fails as the providers do.
     */
    public Flux<WantedKey> create() {
        return Flux.fromIterable(settings.recipients())
                .ofType(RecipientSettings.OfProvider.class)
                .concatMap(
                        recipient -> {
                            KeySource source = source(recipient.provider());
                            KeyCreator creator = source.creator();
                            String key = recipient.key();
                            return creator == null || key == null
                                    ? Mono.empty()
                                    : creator.create(key)
                                            .filter(outcome -> outcome == KeyCreator.Outcome.MADE)
                                            .map(made -> new WantedKey(
                                                    source.provider(),
                                                    KeyReference.named(key),
                                                    wrapper(source, recipient)));
                        },
                        1);
    }

    /** Files first, for they cost nothing, and the key from the safe last. */
    private List<Identity> identities() {
        List<Identity> identities = new ArrayList<>();
        sources.values().stream()
                .sorted(Comparator.comparing(source -> source.kind() == RecipientKind.FILE ? 0 : 1))
                .forEach(source -> identities.add(source.identity()));
        Path recoveryKey = settings.recoveryKey();
        if (recoveryKey != null) {
            identities.add(new RecoveryIdentity(
                    RecoveryKeyFile.privateKey(recoveryKey, settings.recoveryPassphrase(), environment, files)));
        }
        return identities;
    }

    private Mono<RecipientChoice> recipient(RecipientSettings recipient) {
        if (recipient instanceof RecipientSettings.Recovery recovery) {
            return RecoveryKeyFile.publicKey(recovery.publicKey(), files)
                    .map(key -> new RecipientChoice.OfRecovery(
                            isAlone(RecipientSettings.Recovery.class::isInstance) ? "recovery" : "recovery-" + key.id(),
                            key));
        }
        return Mono.fromCallable(() -> ofProvider((RecipientSettings.OfProvider) recipient));
    }

    private RecipientChoice ofProvider(RecipientSettings.OfProvider recipient) {
        KeySource source = source(recipient.provider());
        KeyReference key = KeyReference.named(recipient.key());
        if (source.kind() == RecipientKind.FILE) {
            return new RecipientChoice.OfFile(source.provider(), key, random);
        }
        boolean alone = isAlone(other -> other instanceof RecipientSettings.OfProvider of
                && of.provider().equals(recipient.provider()));
        String name = alone ? recipient.provider() : recipient.provider() + ":" + recipient.key();
        KeyWrapper wrapper = wrapper(source, recipient);
        if (wrapper != null) {
            return new RecipientChoice.AtServer(name, wrapper, key);
        }
        return new RecipientChoice.OfServer(source.kind(), name, source.provider(), key, random);
    }

    private boolean isAlone(Predicate<RecipientSettings> like) {
        return settings.recipients().stream().filter(like).count() == 1;
    }

    private KeySource source(String name) {
        KeySource source = sources.get(name);
        if (source == null) {
            throw new UsageError("keys.recipients: no provider \"" + name + "\"");
        }
        return source;
    }

    private KeySource source(KeyProviderSettings provider, KeyServers servers) {
        // three kinds, closed: pattern switches would say so, but not in release 17
        if (provider instanceof KeyProviderSettings.InVault vault) {
            return servers.cached(servers.vault(vault), settings.cache());
        }
        return provider instanceof KeyProviderSettings.InKmip kmip
                ? servers.cached(servers.kmip(kmip), settings.cache())
                : KeySource.file(file((KeyProviderSettings.FromFile) provider));
    }

    private KeyProvider file(KeyProviderSettings.FromFile settings) {
        return new FileKeyProvider(settings.name(), settings.file(), files);
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
