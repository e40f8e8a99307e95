package io.tidemark.it.s3.bench;

import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.cli.Console;
import io.tidemark.pipeline.cli.GlobalOptions;
import io.tidemark.pipeline.cli.Workbench;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.decorator.Meter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The object graph of one command. */
final class BucketBench implements Workbench {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final GlobalOptions options;
    private final Path directory;
    private final Console console;
    private final Tools tools;
    private final EffectiveConfiguration effective;

    /** What commands share. */
    record Tools(Scheduler cpu, Scheduler files, Buckets buckets) {}

    BucketBench(GlobalOptions options, Path directory, Console console, Tools tools) {
        this.options = options;
        this.directory = directory;
        this.console = console;
        this.tools = tools;
        this.effective = ConfigurationReader.read(options.config(), options.set(), Map.of(), directory);
    }

    @Override
    public GlobalOptions options() {
        return options;
    }

    @Override
    public Configuration configuration() {
        return effective.configuration();
    }

    @Override
    public EffectiveConfiguration effective() {
        return effective;
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
        return event ->
                console.err().println(event.kind().code() + " " + event.kind().message() + " " + event.fields());
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public SecureRandom random() {
        return RANDOM;
    }

    @Override
    public Scheduler cpu() {
        return tools.cpu();
    }

    @Override
    public Scheduler files() {
        return tools.files();
    }

    @Override
    public ObjectStore store(ClusterSettings cluster, RepositorySettings repository) {
        return tools.buckets().store(place(repository), cluster.name());
    }

    @Override
    public Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository) {
        return tools.buckets()
                .bare(place(repository), cluster.name())
                .tried(ObjectNames.index("check/" + UUID.randomUUID()))
                .map(tools.buckets()::patient);
    }

    private static RepositoryPlace.Bucket place(RepositorySettings repository) {
        return (RepositoryPlace.Bucket) repository.place();
    }

    @Override
    public Map<String, Meter> traffic() {
        return Map.of();
    }

    @Override
    public ConfiguredKeys keys() {
        return new ConfiguredKeys(configuration().keys(), Map.of(), RANDOM, tools.files());
    }

    @Override
    public KeysetAccess keysets(ClusterSettings cluster) {
        return keys().access(cluster, events());
    }

    @Override
    public RepositoryAccess repositories(ClusterSettings cluster) {
        return new RepositoryAccess(keysets(cluster), tools.cpu());
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
        return "node-of-a-test";
    }

    @Override
    public PostgresClient postgres() {
        throw new UnsupportedOperationException("a stopped directory is backed up without a connection");
    }

    @Override
    public ConnectionSettings connection(ClusterSettings cluster) {
        throw new UnsupportedOperationException("a stopped directory is backed up without a connection");
    }

    @Override
    public Product.Installation installation() {
        Path root = Path.of(System.getProperty("tidemark.root"));
        return new Product.Installation(
                root.resolve("deploy/bin/tidemark"), root.resolve("pipeline/target/tidemark/lib"));
    }

    @Override
    public Path workingDirectory() {
        return directory;
    }
}
