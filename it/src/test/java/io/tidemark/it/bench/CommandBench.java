package io.tidemark.it.bench;

import static java.util.Objects.requireNonNull;

import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.kmip.KmipService;
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
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeyServers;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.sinks.decorator.Meter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One command of Tidemark in this process: the production's parsers, verbs and exit codes, wired as Wiring does it, so that
 * a scenario of a hundred commands does not start a hundred JVMs. Whose subclass it is gives the stores.
 */
public abstract class CommandBench implements Workbench {
    protected static final SecureRandom RANDOM = new SecureRandom();
    protected static final Scheduler CPU = Schedulers.newParallel("bench-cpu", 2, /* daemon= */ true);
    public static final Scheduler FILES =
            Schedulers.newBoundedElastic(16, 100_000, "bench-files", 60, /* daemon= */ true);

    private final GlobalOptions options;
    private final Path directory;
    private final Console console;
    private final EffectiveConfiguration effective;

    /** What a command is about. */
    public record Surroundings(GlobalOptions options, Path directory, Console console) {}

    /** What a command ended with. */
    public record Answer(int exit, String said) {
        /** The same, if it was success. */
        public Answer succeeded() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\n" + said);
            }
            return this;
        }
    }

    protected CommandBench(Surroundings surroundings) {
        this.options = surroundings.options();
        this.directory = surroundings.directory();
        this.console = surroundings.console();
        this.effective = ConfigurationReader.read(options.config(), options.set(), Map.of(), directory);
    }

    /** Runs a command to its end as the launcher's child would, with this working directory. */
    public static Answer run(
            Path directory, Duration limit, Function<Surroundings, CommandBench> made, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, /* autoFlush= */ true, StandardCharsets.UTF_8);
        Contract contract = Contract.of(HandParser.command(words));
        ExitCode code;
        try {
            Invocation invocation = parsed(contract, words);
            CommandBench bench = made.apply(new Surroundings(invocation.options(), directory, consoleOn(stream)));
            code = requireNonNull(Mono.defer(() -> invocation.verb().run(bench)).block(limit));
        } catch (RuntimeException failure) {
            code = ExitCode.of(failure);
            stream.println(ErrorText.of(failure));
        }
        return new Answer(contract.number(code), out.toString(StandardCharsets.UTF_8));
    }

    private static Invocation parsed(Contract contract, String... words) {
        return switch (contract) {
            case ARCHIVE_COMMAND -> HandParser.archivePush(words);
            case RESTORE_COMMAND -> HandParser.archiveGet(words);
            case TABLE, NAGIOS -> Commands.parse(words);
        };
    }

    /** A console that says everything there. */
    public static Console consoleOn(PrintStream stream) {
        return new Console(stream, Console.Sink.OTHER, stream, Console.Sink.OTHER, GlobalOptions.Verbosity.NORMAL);
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
    public Map<String, Meter> traffic() {
        return Map.of();
    }

    @Override
    public ConfiguredKeys keys() {
        return new ConfiguredKeys(
                configuration().keys(),
                Map.of(),
                RANDOM,
                FILES,
                new KeyServers(
                        () -> {
                            throw new IllegalStateException("commands of the bench have key files");
                        },
                        FILES,
                        RANDOM,
                        Map.of(),
                        this::events,
                        clock()));
    }

    @Override
    public KmipService kmip(KeyProviderSettings.InKmip settings) {
        throw new IllegalStateException("commands of the bench have key files");
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
