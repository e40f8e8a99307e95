package io.tidemark.it.mallory;

import io.tidemark.it.bench.CommandBench;
import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.local.LocalDirectoryStore;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Commands on directories; nothing is remembered from one to the next, so that each sees what was done to the repository. */
final class Bench extends CommandBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Bench(Surroundings surroundings) {
        super(surroundings);
    }

    /** Runs a command with this working directory. */
    static Answer run(Path directory, String... args) {
        return CommandBench.run(directory, LIMIT, Bench::new, args);
    }

    @Override
    public ObjectStore store(ClusterSettings cluster, RepositorySettings repository) {
        return LocalDirectoryStore.open(root(cluster, repository), FILES, RANDOM);
    }

    @Override
    public Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository) {
        return LocalDirectoryStore.create(root(cluster, repository), FILES, RANDOM)
                .cast(ObjectStore.class);
    }

    private static Path root(ClusterSettings cluster, RepositorySettings repository) {
        return ((RepositoryPlace.Directory) repository.place()).directory().resolve(cluster.name());
    }

    @Override
    public ConfiguredRepository archive(ClusterSettings cluster, RepositorySettings repository) {
        return new ConfiguredRepository(
                repository.name(),
                repository.requirement(),
                repositories(cluster).open(repository.name(), repository.requirement(), store(cluster, repository)));
    }
}
