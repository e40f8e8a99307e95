package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.backup.BackupPlan;
import io.tidemark.pipeline.backup.BackupResult;
import io.tidemark.pipeline.backup.BackupSettings;
import io.tidemark.pipeline.backup.BackupTarget;
import io.tidemark.pipeline.backup.DirectoryBackup;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.event.Progress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code backup}: a base backup; in this version of a stopped data directory only. */
@Command(
        name = "backup",
        description = "Takes a base backup of a stopped data directory into every repository.",
        footer = {
            "tidemark backup --from-directory /var/lib/postgresql/17/main",
            "tidemark backup --from-directory DIR --dry-run    says what it would take, and whether it may",
        })
final class BackupCommand implements Verb {
    @Option(
            names = "--from-directory",
            paramLabel = "DIR",
            description = "The data directory. Its server has to be stopped, and to stay so until the end.")
    @Nullable
    Path directory;

    @Option(names = "--full", description = "A full backup; in this version every backup is one.")
    boolean full;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Option(names = "--dry-run", description = "Say what would be backed up, and write nothing.")
    boolean dryRun;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        if (directory == null) {
            throw new NotInThisVersion(
                    "a backup of a running server is planned, but not in this version",
                    "stop the server and give its directory: tidemark backup --from-directory DIR");
        }
        Path source = bench.workingDirectory().resolve(directory);
        ClusterSettings cluster = bench.cluster();
        return Mono.usingWhen(
                new OpenedRepositories(bench, cluster).open(),
                opened -> dryRun ? plan(bench, cluster, opened, source) : take(bench, cluster, opened, source),
                OpenedRepositories::close);
    }

    private Mono<ExitCode> plan(Workbench bench, ClusterSettings cluster, List<Repository> opened, Path source) {
        return backup(bench, cluster, opened, source, Progress.silent())
                .flatMap(backup -> backup.plan(source))
                .map(plan -> {
                    print(bench, plan, opened);
                    return ExitCode.DONE;
                });
    }

    private Mono<ExitCode> take(Workbench bench, ClusterSettings cluster, List<Repository> opened, Path source) {
        ProgressLine progress = new ProgressLine("backup", bench.console(), bench.clock(), bench.cpu());
        return progress.shownDuring(DataDirectorySystem.requireAdmitted(source, opened, bench.files())
                        .then(backup(bench, cluster, opened, source, progress))
                        .flatMap(backup -> backup.run(source)))
                .map(result -> {
                    print(bench, result);
                    return requireGoodBlocks(result);
                });
    }

    private static Mono<DirectoryBackup> backup(
            Workbench bench, ClusterSettings cluster, List<Repository> opened, Path source, Progress progress) {
        // the node's name needs the directory's real path
        return Mono.fromCallable(() -> new DirectoryBackup(
                        opened.stream()
                                .map(repository -> new BackupTarget(
                                        repository.name(), repository.requirement(), repository.objects()))
                                .toList(),
                        opened.get(0).derivations()::pages,
                        new Node(bench.node(cluster, source)),
                        settings(bench.configuration()),
                        bench.clock(),
                        bench.random(),
                        bench.cpu(),
                        bench.files(),
                        bench.events(),
                        progress))
                .subscribeOn(bench.files());
    }

    private static BackupSettings settings(Configuration configuration) {
        return BackupSettings.within(
                Math.min(
                        configuration.limits().memoryBytes(),
                        Runtime.getRuntime().maxMemory()),
                configuration.limits().workers(),
                configuration.compression().level(),
                Path.of(System.getenv().getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir"))),
                "tidemark " + ProductVersion.text());
    }

    private void print(Workbench bench, BackupPlan plan, List<Repository> opened) {
        if (json) {
            bench.console().out().println(BackupReport.json(plan, opened));
        } else {
            BackupReport.text(plan, opened).forEach(bench.console().out()::println);
        }
    }

    private void print(Workbench bench, BackupResult result) {
        if (json) {
            bench.console().out().println(BackupReport.json(result));
        } else {
            BackupReport.text(result).forEach(bench.console().out()::println);
        }
    }

    /** The backup exists all the same: a damaged copy may be the last one, but nobody may take it for a sound one. */
    private static ExitCode requireGoodBlocks(BackupResult result) {
        if (result.footer().badBlocks() > 0) {
            throw new IntegrityFailed(
                    "backup " + result.header().label() + " is stored, but "
                            + result.footer().badBlocks() + " blocks in " + result.badFileCount()
                            + " files have wrong checksums",
                    "the damage is in the data directory: restore these relations from an older backup");
        }
        return ExitCode.DONE;
    }
}
