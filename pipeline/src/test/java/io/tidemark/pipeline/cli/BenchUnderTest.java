package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.cli.Console.Sink;
import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.keys.kmip.KmipServers;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.decorator.Meter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Runs one command line in this process and keeps what it says. What a command of key servers does not need is not there. */
final class BenchUnderTest implements Workbench, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Scheduler files = Schedulers.newBoundedElastic(4, 1000, "test-files", 60, /* daemon= */ true);
    private final EventLoops loops = EventLoops.open(2);
    private final KmipServers servers = new KmipServers(() -> loops, files, new SecureRandom(), Map.of());
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            Sink.OTHER,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Sink.OTHER,
            Verbosity.NORMAL);
    private GlobalOptions options = new GlobalOptions(null, List.of(), null, Verbosity.NORMAL);

    BenchUnderTest(Path directory) {
        this.directory = directory;
    }

    /** What a command ended with, and said. */
    record Ended(ExitCode code, String out, String err) {}

    /** As Main does: parse, run, say what failed, and tell the code. */
    Ended run(String... args) {
        out.reset();
        err.reset();
        ExitCode code;
        try {
            code = run(Commands.parse(args));
        } catch (RuntimeException failure) {
            code = ExitCode.of(failure);
            console.err().println(ErrorText.of(failure));
        }
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What was written to standard output since the last command began. */
    String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private ExitCode run(Invocation invocation) {
        options = invocation.options();
        ExitCode code = Mono.defer(() -> invocation.verb().run(this)).block(PATIENCE);
        return code == null ? ExitCode.DONE : code;
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
        return ConfigurationReader.read(options.config(), options.set(), Map.of(), directory);
    }

    @Override
    public KmipService kmip(KeyProviderSettings.InKmip settings) {
        return new KmipService(settings, servers, files);
    }

    @Override
    public Console console() {
        return console;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public SecureRandom random() {
        return new SecureRandom();
    }

    @Override
    public Scheduler cpu() {
        return files;
    }

    @Override
    public Scheduler files() {
        return files;
    }

    @Override
    public Path workingDirectory() {
        return directory;
    }

    @Override
    public EventLog events() {
        throw notHere();
    }

    @Override
    public ClusterSettings cluster() {
        throw notHere();
    }

    @Override
    public ObjectStore store(ClusterSettings cluster, RepositorySettings repository) {
        throw notHere();
    }

    @Override
    public Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository) {
        throw notHere();
    }

    @Override
    public Map<String, Meter> traffic() {
        throw notHere();
    }

    @Override
    public ConfiguredKeys keys() {
        throw notHere();
    }

    @Override
    public KeysetAccess keysets(ClusterSettings cluster) {
        throw notHere();
    }

    @Override
    public RepositoryAccess repositories(ClusterSettings cluster) {
        throw notHere();
    }

    @Override
    public ConfiguredRepository archive(ClusterSettings cluster, RepositorySettings repository) {
        throw notHere();
    }

    @Override
    public String node(ClusterSettings cluster, Path dataDirectory) {
        throw notHere();
    }

    @Override
    public PostgresClient postgres() {
        throw notHere();
    }

    @Override
    public ConnectionSettings connection(ClusterSettings cluster) {
        throw notHere();
    }

    @Override
    public Product.Installation installation() {
        throw notHere();
    }

    @Override
    public void close() {
        servers.close();
        loops.close().block(PATIENCE);
        files.dispose();
    }

    private static IllegalStateException notHere() {
        return new IllegalStateException("a command of key servers needs none of it");
    }
}
