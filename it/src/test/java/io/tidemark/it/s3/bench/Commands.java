package io.tidemark.it.s3.bench;

import static java.util.Objects.requireNonNull;

import io.tidemark.it.bench.CommandBench;
import io.tidemark.it.s3.Identity;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.sinks.s3.PartMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Commands with one configuration and one identity's credential. Used by several threads. */
public final class Commands implements AutoCloseable {
    /** What archive-get says to the launcher, which makes 1 of it, when a file is absent for certain. */
    public static final int ABSENT = 64;

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration OPERATION = Duration.ofSeconds(20);

    private final Path directory;
    private final List<String> settings;
    private final Buckets buckets;

    /**
     * @param directory the working directory
     * @param settings as {@code --set} has them
     */
    public Commands(Path directory, Map<String, String> settings, Identity identity) {
        this.directory = directory;
        List<String> words = new ArrayList<>();
        settings.forEach((name, value) -> words.addAll(List.of("--set", name + "=" + value)));
        this.settings = List.copyOf(words);
        this.buckets = new Buckets(identity, CommandBench.FILES, OPERATION);
    }

    /** Runs one to its end, as the launcher's child would. */
    public CommandBench.Answer run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(settings);
        return CommandBench.run(
                directory, LIMIT, surroundings -> new BucketBench(surroundings, buckets), all.toArray(String[]::new));
    }

    /** Opens the only repository, works on it, closes it. */
    public <T> T with(Function<Repository, Mono<T>> work) {
        List<String> words = new ArrayList<>(List.of("info"));
        words.addAll(settings);
        BucketBench bench = new BucketBench(
                new CommandBench.Surroundings(
                        io.tidemark.pipeline.cli.Commands.parse(words.toArray(String[]::new))
                                .options(),
                        directory,
                        CommandBench.consoleOn(System.out)),
                buckets);
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
