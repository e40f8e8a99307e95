package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whose system a data directory is, by its control file. */
final class DataDirectorySystem {
    private DataDirectorySystem() {}

    /** Empty where initdb has not run yet. Blocks. */
    static Optional<SystemIdentifier> read(Path dataDirectory) {
        try {
            return Optional.of(
                    new SystemIdentifier(PgControl.read(dataDirectory).systemIdentifier()));
        } catch (NoSuchFileException noCluster) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new StoreFailed("cannot read " + dataDirectory.resolve(PgControl.PATH) + ": " + failure, failure);
        }
    }

    /** Fails where one of the repositories holds objects of other systems only: two clusters must not share a root. */
    static Mono<Void> requireAdmitted(Path dataDirectory, List<Repository> repositories, Scheduler files) {
        return Mono.fromCallable(() -> read(dataDirectory))
                .subscribeOn(files)
                .flatMapMany(system -> system.isEmpty()
                        ? Flux.empty()
                        : Flux.fromIterable(repositories)
                                .concatMap(repository -> Systems.requireAdmitted(repository.store(), system.get())))
                .then();
    }
}
