package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.init.InitAdmission;
import io.tidemark.pipeline.care.init.InitReport;
import io.tidemark.pipeline.care.init.InitTarget;
import io.tidemark.pipeline.care.init.Initialise;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.KeysetAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code init}: makes the cluster's root in each repository, and prints the recovery sheet. */
@Command(
        name = "init",
        description =
                "Makes a cluster's root in each repository: marker, keyset, a probe of the store. Run again, it completes "
                        + "what is missing. Prints the recovery sheet.",
        footer = {
            "tidemark init --cluster prod",
            "tidemark init --dry-run              says what it would make",
            "tidemark init --create-keys          has Tidemark's key in Vault made first",
            "tidemark init --new-system           after pg_upgrade: lets the new system identifier in"
        })
final class InitCommand implements Verb {
    @Option(
            names = "--without-recovery-key",
            description = "Go on without a recovery key: the loss of the daily keys is then the loss of every backup.")
    boolean withoutRecoveryKey;

    @Option(
            names = "--create-keys",
            description = "Have the keys made that keys.recipients names and that their servers do not have yet.")
    boolean createKeys;

    @Option(
            names = "--new-system",
            description = "Let the data directory's system identifier into repositories that hold other systems only.")
    boolean newSystem;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Option(names = "--dry-run", description = "Say what would be made, and make nothing.")
    boolean dryRun;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        ClusterSettings cluster = bench.cluster();
        List<RepositorySettings> repositories = bench.configuration().repositories(List.of());
        return dryRun ? plan(bench, cluster, repositories) : make(bench, cluster, repositories);
    }

    private Mono<ExitCode> make(Workbench bench, ClusterSettings cluster, List<RepositorySettings> repositories) {
        KeysetAccess access = bench.keysets(cluster);
        List<InitTarget> targets = repositories.stream()
                .map(repository ->
                        new InitTarget(repository.name(), repository.requirement(), bench.newRoot(cluster, repository)))
                .toList();
        return (createKeys ? CreatedKeys.tell(bench) : Mono.empty())
                .then(Mono.zip(bench.keys().recipients(), system(bench, cluster)))
                .flatMap(known -> new Initialise(
                                cluster.name(),
                                access,
                                bench.repositories(cluster),
                                new GenerationMaker(known.getT1(), bench.clock(), bench.cpu()),
                                new InitAdmission(
                                        known.getT2().orElse(null),
                                        newSystem ? InitAdmission.Mode.ADMIT : InitAdmission.Mode.REFUSE,
                                        bench.clock(),
                                        ProductVersion.text(),
                                        bench.cpu()),
                                bench.clock(),
                                bench.random())
                        .run(targets, Recovery.key(withoutRecoveryKey ? Recovery.Said.WITHOUT : Recovery.Said.NOTHING)))
                .map(report -> {
                    print(bench, report);
                    return ExitCode.DONE;
                });
    }

    private void print(Workbench bench, InitReport report) {
        if (json) {
            bench.console().out().println(RecoverySheet.json(report));
        } else {
            RecoverySheet.lines(report).forEach(bench.console().out()::println);
        }
    }

    private static Mono<ExitCode> plan(
            Workbench bench, ClusterSettings cluster, List<RepositorySettings> repositories) {
        return Flux.fromIterable(repositories)
                .concatMap(repository -> bench.repositories(cluster)
                        .open(repository.name(), repository.requirement(), bench.store(cluster, repository))
                        .map(opened -> {
                            int generation = opened.keyring().generation();
                            opened.close();
                            return "is there, keyset generation " + generation + ": nothing to make";
                        })
                        .onErrorResume(
                                RuntimeException.class,
                                failure -> Mono.just("would be made or completed: " + failure.getMessage()))
                        .map(text -> "repository \"" + repository.name() + "\" ("
                                + repository.place().of(cluster.name()) + ") " + text))
                .doOnNext(line -> bench.console().out().println(Printable.of(line)))
                .then(Mono.just(ExitCode.DONE));
    }

    /** The data directory's system identifier; empty where none is configured, or initdb has not run yet. */
    private static Mono<Optional<SystemIdentifier>> system(Workbench bench, ClusterSettings cluster) {
        Path dataDirectory = cluster.dataDirectory();
        return dataDirectory == null
                ? Mono.just(Optional.empty())
                : Mono.fromCallable(() -> DataDirectorySystem.read(dataDirectory))
                        .subscribeOn(bench.files());
    }
}
