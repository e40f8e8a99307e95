package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.StoreFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** All repositories of a cluster that can be opened, for a command that writes to them. */
final class OpenedRepositories {
    /** How long an optional one may take to be opened. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Workbench bench;
    private final ClusterSettings cluster;

    OpenedRepositories(Workbench bench, ClusterSettings cluster) {
        this.bench = bench;
        this.cluster = cluster;
    }

    /**
     * Opens them, required ones first; the subscriber closes them. Fails with the first required one that does not open,
     * or is another cluster's; an optional one is then left out, and said so, likewise one that does not answer. At least one.
     */
    Mono<List<Repository>> open() {
        return Mono.defer(() -> {
            List<Repository> opened = new ArrayList<>();
            return Flux.fromIterable(bench.configuration().repositories(List.of()))
                    .concatMap(settings -> open(settings, opened))
                    .then(Mono.<List<Repository>>fromSupplier(() -> requireOne(opened)))
                    .doOnError(error -> opened.forEach(Repository::close))
                    .doOnCancel(() -> opened.forEach(Repository::close));
        });
    }

    /** Wipes their keys. */
    static Mono<Void> close(List<Repository> opened) {
        return Mono.fromRunnable(() -> opened.forEach(Repository::close));
    }

    private Mono<Void> open(RepositorySettings settings, List<Repository> opened) {
        Mono<Void> opening = inTime(
                        settings,
                        bench.repositories(cluster)
                                .open(settings.name(), settings.requirement(), bench.store(cluster, settings)),
                        bench.cpu())
                .doOnNext(repository -> add(repository, opened))
                .then();
        return settings.required()
                ? opening
                : opening.onErrorResume(error -> Mono.fromRunnable(() -> bench.console()
                        .err()
                        .println("WARNING: repository \"" + settings.name() + "\" is left out: "
                                + Printable.of(String.valueOf(error.getMessage())))));
    }

    /** A required one is waited for as long as its store says; it is what the command is for. */
    static <T> Mono<T> inTime(RepositorySettings settings, Mono<T> opening, Scheduler timer) {
        return settings.required()
                ? opening
                : opening.timeout(PATIENCE, timer)
                        .onErrorMap(
                                TimeoutException.class,
                                e -> new DeadlinePassed("it did not answer within " + PATIENCE.toSeconds() + " s", e));
    }

    private static void add(Repository repository, List<Repository> opened) {
        if (!opened.isEmpty()
                && !opened.get(0).marker().cluster().equals(repository.marker().cluster())) {
            String first = opened.get(0).toString();
            String text = repository + " is of cluster " + repository.marker().cluster() + ", " + first + " of "
                    + opened.get(0).marker().cluster();
            repository.close();
            throw new IntegrityFailed(text, "one configured directory is another cluster's");
        }
        opened.add(repository);
    }

    private static List<Repository> requireOne(List<Repository> opened) {
        if (opened.isEmpty()) {
            throw new StoreFailed("no repository could be opened");
        }
        return opened;
    }
}
