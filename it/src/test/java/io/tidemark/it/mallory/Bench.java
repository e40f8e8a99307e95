package io.tidemark.it.mallory;

import static java.util.Objects.requireNonNull;

import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.cli.Commands;
import io.tidemark.pipeline.cli.Console;
import io.tidemark.pipeline.cli.Contract;
import io.tidemark.pipeline.cli.ErrorText;
import io.tidemark.pipeline.cli.ExitCode;
import io.tidemark.pipeline.cli.GlobalOptions;
import io.tidemark.pipeline.cli.HandParser;
import io.tidemark.pipeline.cli.Invocation;
import io.tidemark.pipeline.cli.Workbench;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.decorator.Meter;
import io.tidemark.sinks.local.LocalDirectoryStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One command of Tidemark in this process: the production's parsers, verbs, stores and exit codes, wired as Wiring does
 * it, so that a scenario of a hundred commands does not start a hundred JVMs.
 */
final class Bench implements Workbench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Scheduler CPU = Schedulers.newParallel("mallory-cpu", 2, /* daemon= */ true);
    private static final Scheduler FILES =
            Schedulers.newBoundedElastic(16, 100_000, "mallory-files", 60, /* daemon= */ true);

    private final GlobalOptions options;
    private final Path directory;
    private final Console console;
    private final EffectiveConfiguration effective;

    private Bench(GlobalOptions options, Path directory, Console console) {
        this.options = options;
        this.directory = directory;
        this.console = console;
        this.effective = ConfigurationReader.read(options.config(), options.set(), Map.of(), directory);
    }

    /** What a command ended with. */
    record Answer(int exit, String said) {}

    /** Runs a command as the launcher's child would, with this working directory. */
    static Answer run(Path directory, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, /* autoFlush= */ true, StandardCharsets.UTF_8);
        Console console =
                new Console(stream, Console.Sink.OTHER, stream, Console.Sink.OTHER, GlobalOptions.Verbosity.NORMAL);
        Contract contract = Contract.of(HandParser.command(args));
        ExitCode code;
        try {
            Invocation invocation = switch (contract) {
                case ARCHIVE_COMMAND -> HandParser.archivePush(args);
                case RESTORE_COMMAND -> HandParser.archiveGet(args);
                case TABLE, NAGIOS -> Commands.parse(args);
            };
            Bench bench = new Bench(invocation.options(), directory, console);
            code = requireNonNull(Mono.defer(() -> invocation.verb().run(bench)).block(LIMIT));
        } catch (RuntimeException failure) {
            code = ExitCode.of(failure);
            stream.println(ErrorText.of(failure));
        }
        return new Answer(contract.number(code), out.toString(StandardCharsets.UTF_8));
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
        return CPU;
    }

    @Override
    public Scheduler files() {
        return FILES;
    }

    @Override
    public ObjectStore store(ClusterSettings cluster, RepositorySettings repository) {
        return LocalDirectoryStore.open(
                ((io.tidemark.pipeline.config.RepositoryPlace.Directory) repository.place())
                        .directory()
                        .resolve(cluster.name()),
                FILES,
                RANDOM);
    }

    @Override
    public Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository) {
        return LocalDirectoryStore.create(
                        ((io.tidemark.pipeline.config.RepositoryPlace.Directory) repository.place())
                                .directory()
                                .resolve(cluster.name()),
                        FILES,
                        RANDOM)
                .cast(ObjectStore.class);
    }

    @Override
    public Map<String, Meter> traffic() {
        return Map.of();
    }

    @Override
    public ConfiguredKeys keys() {
        return new ConfiguredKeys(configuration().keys(), Map.of(), RANDOM, FILES);
    }

    @Override
    public KeysetAccess keysets(ClusterSettings cluster) {
        return keys().access(cluster, events());
    }

    @Override
    public RepositoryAccess repositories(ClusterSettings cluster) {
        return new RepositoryAccess(keysets(cluster), CPU);
    }

    @Override
    public ConfiguredRepository archive(ClusterSettings cluster, RepositorySettings repository) {
        return new ConfiguredRepository(
                repository.name(),
                repository.requirement(),
                repositories(cluster).open(repository.name(), repository.requirement(), store(cluster, repository)));
    }

    @Override
    public String node(ClusterSettings cluster, Path dataDirectory) {
        return "mallorys-victim";
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
