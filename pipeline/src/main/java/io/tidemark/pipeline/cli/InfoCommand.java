package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.info.BackupDetail;
import io.tidemark.pipeline.care.info.RepositoryInventory;
import io.tidemark.pipeline.care.info.RootInfo;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code info}: what is there, per repository; or one backup. */
@Command(
        name = "info",
        description =
                "What is there: keyset, systems, timelines with their gaps, backups, and what deserves a look. With a label, "
                        + "one backup.",
        footer = {"tidemark info", "tidemark info --json", "tidemark info 20261122T150000Z-0a1b2c"})
final class InfoCommand implements Verb {
    @Parameters(index = "0", arity = "0..1", paramLabel = "BACKUP", description = "The label of one backup.")
    @Nullable
    String label;

    @Option(names = "--repository", paramLabel = "NAME", description = "Only this repository; may be repeated.")
    List<String> chosen = List.of();

    @Option(names = "--json", description = "One JSON object a repository and line.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        ClusterSettings cluster = bench.cluster();
        List<RepositorySettings> repositories = bench.configuration().repositories(chosen);
        String one = label;
        if (one == null) {
            return all(bench, cluster, repositories);
        }
        if (!BackupLabel.isValid(one)) {
            throw new UsageError("no backup label: \"" + Printable.of(one) + "\"", "`tidemark info` lists them");
        }
        return backup(bench, cluster, repositories, new BackupLabel(one));
    }

    private Mono<ExitCode> all(Workbench bench, ClusterSettings cluster, List<RepositorySettings> repositories) {
        return Flux.fromIterable(repositories)
                .concatMap(repository -> look(bench, cluster, repository), 1)
                .collectList()
                .map(looks -> {
                    InfoText text = new InfoText(cluster.name(), looks);
                    if (json) {
                        looks.forEach(look -> bench.console().out().println(InfoJson.of(look, text)));
                    } else {
                        text.lines().forEach(bench.console().out()::println);
                    }
                    ExitCode worst = ExitCode.DONE;
                    for (Look look : looks) {
                        Throwable failure = look.failure();
                        worst = failure == null ? worst : KeysStatusCommand.worse(worst, ExitCode.of(failure));
                    }
                    return worst;
                });
    }

    private static Mono<Look> look(Workbench bench, ClusterSettings cluster, RepositorySettings repository) {
        String location = repository.place().of(cluster.name());
        return Mono.usingWhen(
                        bench.repositories(cluster)
                                .open(repository.name(), repository.requirement(), bench.store(cluster, repository)),
                        opened -> new RepositoryInventory().of(opened),
                        opened -> Mono.fromRunnable(opened::close))
                .map(info -> new Look(repository, location, info, null))
                .onErrorResume(failure -> Mono.just(new Look(repository, location, null, failure)));
    }

    private Mono<ExitCode> backup(
            Workbench bench, ClusterSettings cluster, List<RepositorySettings> repositories, BackupLabel wanted) {
        return Flux.fromIterable(repositories)
                .concatMap(
                        repository -> Mono.usingWhen(
                                        bench.repositories(cluster)
                                                .open(
                                                        repository.name(),
                                                        repository.requirement(),
                                                        bench.store(cluster, repository)),
                                        opened -> new RepositoryInventory().backup(opened, wanted),
                                        opened -> Mono.fromRunnable(opened::close))
                                .doOnNext(detail -> print(bench, repository, detail)),
                        1)
                .count()
                .map(found -> {
                    if (found == 0) {
                        throw new StoreFailed("no repository has a backup " + wanted, "`tidemark info` lists them");
                    }
                    return ExitCode.DONE;
                });
    }

    private void print(Workbench bench, RepositorySettings repository, BackupDetail detail) {
        if (json) {
            bench.console().out().println(InfoJson.of(repository.name(), detail));
        } else {
            InfoText.lines(repository.name(), detail).forEach(bench.console().out()::println);
        }
    }

    /**
     * One repository.
     *
     * @param info null where it could not be opened or listed
     * @param failure why; null where it could
     */
    record Look(
            RepositorySettings repository,
            String location,
            @Nullable RootInfo info,
            @Nullable Throwable failure) {}
}
