package io.tidemark.it.s3.bench;

import static java.util.Objects.requireNonNull;

import io.tidemark.it.s3.Identity;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.cli.Console;
import io.tidemark.pipeline.cli.Contract;
import io.tidemark.pipeline.cli.ErrorText;
import io.tidemark.pipeline.cli.ExitCode;
import io.tidemark.pipeline.cli.GlobalOptions;
import io.tidemark.pipeline.cli.HandParser;
import io.tidemark.pipeline.cli.Invocation;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.sinks.s3.PartMemory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Commands with one configuration and one identity's credential. Used by several threads. */
public final class Commands implements AutoCloseable {
    /** What archive-get says to the launcher, which makes 1 of it, when a file is absent for certain. */
    public static final int ABSENT = 64;

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration OPERATION = Duration.ofSeconds(20);
    private static final Scheduler CPU = Schedulers.newParallel("bench-cpu", 2, /* daemon= */ true);
    private static final Scheduler FILES =
            Schedulers.newBoundedElastic(16, 100_000, "bench-files", 60, /* daemon= */ true);

    private final Path directory;
    private final List<String> settings;
    private final Buckets buckets;

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

    /**
     * @param directory the working directory
     * @param settings as {@code --set} has them
     */
    public Commands(Path directory, Map<String, String> settings, Identity identity) {
        this.directory = directory;
        List<String> words = new ArrayList<>();
        settings.forEach((name, value) -> words.addAll(List.of("--set", name + "=" + value)));
        this.settings = List.copyOf(words);
        this.buckets = new Buckets(identity, FILES, OPERATION);
    }

    /** Runs one to its end, as the launcher's child would. */
    public Answer run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(settings);
        String[] words = all.toArray(String[]::new);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, /* autoFlush= */ true, StandardCharsets.UTF_8);
        Contract contract = Contract.of(HandParser.command(words));
        ExitCode code;
        try {
            Invocation invocation = parsed(contract, words);
            BucketBench bench = bench(invocation.options(), stream);
            code = requireNonNull(Mono.defer(() -> invocation.verb().run(bench)).block(LIMIT));
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
            case TABLE, NAGIOS -> io.tidemark.pipeline.cli.Commands.parse(words);
        };
    }

    private BucketBench bench(GlobalOptions options, PrintStream stream) {
        Console console =
                new Console(stream, Console.Sink.OTHER, stream, Console.Sink.OTHER, GlobalOptions.Verbosity.NORMAL);
        return new BucketBench(options, directory, console, new BucketBench.Tools(CPU, FILES, buckets));
    }

    /** Opens the only repository, works on it, closes it. */
    public <T> T with(Function<Repository, Mono<T>> work) {
        List<String> words = new ArrayList<>(List.of("info"));
        words.addAll(settings);
        BucketBench bench = bench(
                io.tidemark.pipeline.cli.Commands.parse(words.toArray(String[]::new))
                        .options(),
                System.out);
        ClusterSettings cluster = bench.cluster();
        RepositorySettings only = bench.configuration().repositories(List.of()).get(0);
        return requireNonNull(Mono.usingWhen(
                        bench.repositories(cluster).open(only.name(), only.requirement(), bench.store(cluster, only)),
                        work,
                        opened -> Mono.fromRunnable(opened::close))
                .block(LIMIT));
    }

    /** Whether every byte that puts have held is free again. */
    public boolean memoryIsFree() {
        return buckets.freeMemory() == PartMemory.BYTES;
    }

    @Override
    public void close() {
        buckets.close();
    }
}
