package io.tidemark.pipeline;

import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.cli.Console;
import io.tidemark.pipeline.cli.Contract;
import io.tidemark.pipeline.cli.GlobalOptions;
import io.tidemark.pipeline.cli.Slf4jEvents;
import io.tidemark.pipeline.cli.StderrEvents;
import io.tidemark.pipeline.cli.Workbench;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.KeySettings;
import io.tidemark.pipeline.config.NodeName;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeyServers;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.ReadOnlyStore;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.decorator.Meter;
import io.tidemark.sinks.decorator.RetryPolicy;
import io.tidemark.sinks.local.LocalDirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The only place that builds the object graph: each part in one expression, made when it is first asked for, so that a command loads
 * no more than it uses. Asked by one thread, the one that assembles the command.
 */
final class Wiring implements Workbench {
    private static final Duration NO_DEADLINE = Duration.ofDays(3650);
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration OPERATION = Duration.ofMinutes(5);
    /** Then the whole object is put again, by who retries objects. */
    private static final Duration PART_DEADLINE = Duration.ofMinutes(1);

    private static final int LOOPS = 2;
    private static final int FILE_THREADS = 16;
    private static final int FILE_QUEUE = 100_000;

    private final GlobalOptions options;
    private final Console console;
    private final Contract contract;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    /** Made by the verb's thread, looked at by Main's. */
    private volatile @Nullable EffectiveConfiguration effective;

    private @Nullable EventLog events;
    private @Nullable Scheduler cpu;
    private @Nullable Scheduler files;
    private @Nullable EventLoops loops;
    private @Nullable StoreFlow flow;
    private @Nullable Buckets buckets;
    private @Nullable ConfiguredKeys keys;
    private @Nullable KeyServers keyServers;

    Wiring(GlobalOptions options, Console console, Contract contract) {
        this.options = options;
        this.console = console;
        this.contract = contract;
    }

    @Override
    public GlobalOptions options() {
        return options;
    }

    @Override
    public Configuration configuration() {
        return effective().configuration();
    }

    @Override
    public EffectiveConfiguration effective() {
        EffectiveConfiguration known = effective;
        if (known == null) {
            known = ConfigurationReader.read(options.config(), options.set(), System.getenv(), workingDirectory());
            effective = known;
        }
        return known;
    }

    @Override
    public ClusterSettings cluster() {
        return configuration().cluster(options.cluster());
    }

    @Override
    public Console console() {
        return console;
    }

    @Override
    public EventLog events() {
        if (events == null) {
            events = switch (contract) {
                case TABLE, NAGIOS -> new Slf4jEvents(console);
                case ARCHIVE_COMMAND, RESTORE_COMMAND -> new StderrEvents(console);
            };
        }
        return events;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public SecureRandom random() {
        return random;
    }

    @Override
    public Scheduler cpu() {
        if (cpu == null) {
            cpu = Schedulers.newParallel("cpu", configuration().limits().workers(), /* daemon= */ true);
        }
        return cpu;
    }

    @Override
    public Scheduler files() {
        if (files == null) {
            files = Schedulers.newBoundedElastic(FILE_THREADS, FILE_QUEUE, "files", 60, /* daemon= */ true);
        }
        return files;
    }

    @Override
    public ObjectStore store(ClusterSettings cluster, RepositorySettings repository) {
        if (repository.place() instanceof RepositoryPlace.Directory place) {
            return flowing(
                    cluster,
                    repository,
                    LocalDirectoryStore.open(place.directory().resolve(cluster.name()), files(), random));
        }
        RepositoryPlace.Bucket bucket = (RepositoryPlace.Bucket) repository.place();
        ObjectStore store = buckets().store(bucket, cluster.name());
        String why = whyNotToWrite(cluster, bucket);
        return flowing(cluster, repository, why == null ? store : new ReadOnlyStore(store, why));
    }

    @Override
    public Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository) {
        if (repository.place() instanceof RepositoryPlace.Directory place) {
            return LocalDirectoryStore.create(place.directory().resolve(cluster.name()), files(), random)
                    .map(store -> flowing(cluster, repository, store));
        }
        RepositoryPlace.Bucket bucket = (RepositoryPlace.Bucket) repository.place();
        String why = whyNotToWrite(cluster, bucket);
        return why == null
                ? buckets()
                        .store(bucket, cluster.name())
                        .tried(trialName())
                        .map(store -> flowing(cluster, repository, store))
                : Mono.error(() -> new StoreFailed("init in " + bucket.of(cluster.name()) + ": " + why));
    }

    /** Of an object that is tried and deleted; whoever may delete may delete it at any time. */
    private ObjectName trialName() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return ObjectNames.index("check/" + HexFormat.of().formatHex(id));
    }

    private Buckets buckets() {
        if (buckets == null) {
            MoreLibrariesNeeded.requireAll();
            buckets = new Buckets(files(), clock, random, RetryPolicy.within(PART_DEADLINE), System.getenv());
        }
        return buckets;
    }

    /** Null where this node may. */
    private @Nullable String whyNotToWrite(ClusterSettings cluster, RepositoryPlace.Bucket bucket) {
        String only = bucket.singleWriter();
        if (only == null) {
            return null;
        }
        Path dataDirectory = cluster.dataDirectory();
        String node = cluster.node();
        if (node == null && dataDirectory != null) {
            node = node(cluster, dataDirectory);
        }
        return only.equals(node)
                ? null
                : "only node " + only + " may write there (s3.single-writer), this is "
                        + (node == null ? "none: no data directory is configured" : node);
    }

    /**
     * With retries, limits and counting around it, one for each root. A directory without limits has none of them in archive-push and
     * archive-get, for these are started for each segment, and what is not loaded costs nothing.
     */
    private ObjectStore flowing(ClusterSettings cluster, RepositorySettings repository, ObjectStore store) {
        boolean once = contract == Contract.ARCHIVE_COMMAND || contract == Contract.RESTORE_COMMAND;
        boolean far = store.capabilities().durability() == StoreCapabilities.Durability.SERVICE;
        if (once && !far && !configuration().limits().anyRate()) {
            return store;
        }
        if (flow == null) {
            flow = new StoreFlow(configuration().limits(), operationDeadline(), random, events());
        }
        return flow.around(repository.name(), cluster.name(), store);
    }

    /** Of one operation on a store. What PostgreSQL waits for leaves time to say what went wrong. */
    private Duration operationDeadline() {
        return switch (contract) {
            case ARCHIVE_COMMAND -> allButATenth(configuration().archivePush().deadline());
            case RESTORE_COMMAND -> allButATenth(configuration().archiveGet().deadline());
            case TABLE, NAGIOS -> OPERATION;
        };
    }

    private static Duration allButATenth(Duration whole) {
        return whole.minus(whole.dividedBy(10));
    }

    @Override
    public Map<String, Meter> traffic() {
        return flow == null ? Map.of() : flow.meters();
    }

    @Override
    public ConfiguredKeys keys() {
        if (keys == null) {
            KeySettings settings = configuration().keys();
            boolean allFiles =
                    settings.providers().values().stream().allMatch(KeyProviderSettings.FromFile.class::isInstance);
            // the recovery key's PEM, which may be encrypted, is read by BouncyCastle
            if (!allFiles || settings.recoveryKey() != null) {
                MoreLibrariesNeeded.requireAll();
            }
            keys = new ConfiguredKeys(settings, System.getenv(), random, files(), keyServers());
        }
        return keys;
    }

    private KeyServers keyServers() {
        if (keyServers == null) {
            keyServers = new KeyServers(this::loops, files(), random, System.getenv(), this::events, clock);
        }
        return keyServers;
    }

    @Override
    public KmipService kmip(KeyProviderSettings.InKmip settings) {
        return new KmipService(settings, keyServers().kmipServers(), files());
    }

    @Override
    public KeysetAccess keysets(ClusterSettings cluster) {
        return keys().access(cluster, events());
    }

    @Override
    public RepositoryAccess repositories(ClusterSettings cluster) {
        return new RepositoryAccess(keysets(cluster), cpu());
    }

    @Override
    public ConfiguredRepository archive(ClusterSettings cluster, RepositorySettings repository) {
        return new ConfiguredRepository(
                repository.name(),
                repository.requirement(),
                repositories(cluster)
                        .openRemembered(repository.name(), repository.requirement(), store(cluster, repository)));
    }

    @Override
    public String node(ClusterSettings cluster, Path dataDirectory) {
        if (cluster.node() != null) {
            return cluster.node();
        }
        try {
            String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return NodeName.of(host, dataDirectory.toRealPath());
        } catch (IOException e) {
            throw new UsageError("the node's default name needs the data directory " + dataDirectory + ": " + e, e);
        }
    }

    @Override
    public PostgresClient postgres() {
        return new PostgresClient(loops(), files(), random);
    }

    /** Synchronized: key servers ask for them when they connect, on whatever thread that is. */
    private synchronized EventLoops loops() {
        if (loops == null) {
            loops = EventLoops.open(LOOPS);
        }
        return loops;
    }

    @Override
    public ConnectionSettings connection(ClusterSettings cluster) {
        return ConnectionSettings.parse(cluster.connection() == null ? "" : cluster.connection(), System.getenv());
    }

    @Override
    public Product.Installation installation() {
        return InstalledPlace.ofThisProcess();
    }

    @Override
    public Path workingDirectory() {
        return Path.of("").toAbsolutePath();
    }

    /** After it Main gives up: a verb that hangs in the operating system does not see a time-out of its own. */
    Duration deadline() {
        EffectiveConfiguration known = effective;
        return switch (contract) {
            case ARCHIVE_COMMAND ->
                known == null
                        ? UNTIL_KNOWN
                        : known.configuration().archivePush().deadline();
            case RESTORE_COMMAND ->
                known == null
                        ? UNTIL_KNOWN
                        : known.configuration()
                                .archiveGet()
                                .deadline()
                                .plus(known.configuration().archiveGet().patience());
            case TABLE, NAGIOS -> NO_DEADLINE;
        };
    }

    /** After a cancellation: what undoes the half-done (temporary files) runs to its end, but not for ever. */
    void settle() {
        if (keyServers != null) {
            keyServers.close();
        }
        Mono.whenDelayError(
                        loops == null ? Mono.empty() : loops.close(),
                        end(cpu),
                        end(files),
                        flow == null ? Mono.empty() : flow.close())
                .timeout(SETTLE)
                .onErrorComplete()
                .block();
    }

    private static Mono<Void> end(@Nullable Scheduler scheduler) {
        return scheduler == null ? Mono.empty() : scheduler.disposeGracefully();
    }
}
