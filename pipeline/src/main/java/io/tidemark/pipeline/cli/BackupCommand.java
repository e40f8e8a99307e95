package io.tidemark.pipeline.cli;

import com.google.gson.JsonObject;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.backup.BackupParts;
import io.tidemark.pipeline.backup.BackupResult;
import io.tidemark.pipeline.backup.BackupSettings;
import io.tidemark.pipeline.backup.BackupTarget;
import io.tidemark.pipeline.backup.DirectoryBackup;
import io.tidemark.pipeline.backup.OnlineBackup;
import io.tidemark.pipeline.backup.OnlineServer;
import io.tidemark.pipeline.care.repair.LockExtension;
import io.tidemark.pipeline.care.repair.LockReport;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.config.BackupDefaults;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NodeName;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.pipeline.postgres.BaseBackupCommand.CheckpointMode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code backup}: a base backup, of a running server or of a stopped data directory. */
@Command(
        name = "backup",
        description =
                "Takes a base backup of the running server into every repository, or of a stopped data directory.",
        footer = {
            "tidemark backup                   of the server that cluster.<name>.connection leads to",
            "tidemark backup --checkpoint fast --max-rate 50MiB",
            "tidemark backup --from-directory /var/lib/postgresql/17/main    of a stopped one",
            "tidemark backup --dry-run         says what it would take, and whether it may",
        })
final class BackupCommand implements Verb {
    @Option(
            names = "--from-directory",
            paramLabel = "DIR",
            description =
                    "A data directory instead of a connection. Its server has to be stopped, and to stay so until the end.")
    @Nullable
    Path directory;

    @Option(names = "--full", description = "A full backup; in this version every backup is one.")
    boolean full;

    @Option(
            names = "--checkpoint",
            paramLabel = "spread|fast",
            description = "How the server writes the checkpoint from which the backup begins (backup.checkpoint).")
    @Nullable
    String checkpoint;

    @Option(
            names = "--max-rate",
            paramLabel = "RATE",
            description = "What the server sends in a second at most, such as 50MiB (backup.max-rate).")
    @Nullable
    String maxRate;

    @Option(
            names = "--timeline",
            paramLabel = "N",
            description = "Back this timeline up though the repository holds a later one that left it.")
    @Nullable
    String timeline;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Option(names = "--dry-run", description = "Say what would be backed up, and write nothing.")
    boolean dryRun;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        requireFitting();
        ClusterSettings cluster = bench.cluster();
        return Mono.usingWhen(
                new OpenedRepositories(bench, cluster).open(),
                opened -> directory == null
                        ? online(bench, cluster, opened)
                        : stopped(
                                bench, cluster, opened, bench.workingDirectory().resolve(directory)),
                OpenedRepositories::close);
    }

    private void requireFitting() {
        if (directory != null && (checkpoint != null || maxRate != null || timeline != null)) {
            throw new UsageError(
                    "--checkpoint, --max-rate and --timeline are for a running server; nothing is asked of one with --from-directory");
        }
    }

    private Mono<ExitCode> online(Workbench bench, ClusterSettings cluster, List<Repository> opened) {
        if (dryRun) {
            return online(bench, cluster, opened, Progress.silent())
                    .flatMap(OnlineBackup::plan)
                    .map(plan -> {
                        report(bench, OnlineReport.json(plan, opened), OnlineReport.text(plan, opened));
                        return ExitCode.DONE;
                    });
        }
        ProgressLine progress = new ProgressLine("backup", bench.console(), bench.clock(), bench.cpu());
        return progress.shownDuring(online(bench, cluster, opened, progress)
                        .flatMap(backup -> backup.run(system -> Flux.fromIterable(opened)
                                .concatMap(repository -> Systems.requireAdmitted(repository.store(), system))
                                .then())))
                .flatMap(result -> locked(bench, opened).map(locks -> told(bench, result, locks)));
    }

    private Mono<OnlineBackup> online(
            Workbench bench, ClusterSettings cluster, List<Repository> opened, Progress progress) {
        // a service file is read
        return Mono.fromCallable(() -> new OnlineBackup(
                        parts(bench, opened, progress),
                        server -> node(bench, cluster, server),
                        bench.postgres(),
                        bench.connection(cluster),
                        asked(bench.configuration().backup())))
                .subscribeOn(bench.files());
    }

    private static TimelineId timeline(String text) {
        if (!text.matches("[1-9][0-9]{0,9}") || Long.parseLong(text) > 0xFFFFFFFFL) {
            throw new UsageError("--timeline '" + text + "', expected a number, as in pg_controldata's output");
        }
        return TimelineId.of(Long.parseLong(text));
    }

    private OnlineBackup.Request asked(BackupDefaults configured) {
        BackupDefaults asked = checkpoint == null ? configured : configured.withCheckpoint(checkpoint);
        asked = maxRate == null ? asked : asked.withMaxRate(maxRate);
        Long rate = asked.maxRateBytes();
        return new OnlineBackup.Request(
                asked.checkpoint() == BackupDefaults.Checkpoint.FAST ? CheckpointMode.FAST : CheckpointMode.SPREAD,
                rate == null ? null : (int) (rate >> 10),
                asked.archiveTimeout(),
                timeline == null ? null : timeline(timeline));
    }

    /** A server's data directory need not be on this machine. */
    private static Node node(Workbench bench, ClusterSettings cluster, OnlineServer server) {
        Path configured = cluster.dataDirectory();
        boolean local = server.where().startsWith("/");
        if (cluster.node() != null || configured != null || local) {
            Path known = configured == null ? server.dataDirectory().orElse(Path.of("/")) : configured;
            return new Node(bench.node(cluster, known));
        }
        Path there = server.dataDirectory()
                .orElseThrow(() -> new UsageError(
                        "the node has no name: " + server.where() + " does not say where its data directory is",
                        "name it: cluster." + cluster.name() + ".node"));
        return new Node(NodeName.of(server.where().replaceFirst(":[0-9]+$", ""), there));
    }

    private Mono<ExitCode> stopped(Workbench bench, ClusterSettings cluster, List<Repository> opened, Path source) {
        if (dryRun) {
            return stopped(bench, cluster, opened, source, Progress.silent())
                    .flatMap(backup -> backup.plan(source))
                    .map(plan -> {
                        report(bench, BackupReport.json(plan, opened), BackupReport.text(plan, opened));
                        return ExitCode.DONE;
                    });
        }
        ProgressLine progress = new ProgressLine("backup", bench.console(), bench.clock(), bench.cpu());
        return progress.shownDuring(DataDirectorySystem.requireAdmitted(source, opened, bench.files())
                        .then(stopped(bench, cluster, opened, source, progress))
                        .flatMap(backup -> backup.run(source)))
                .flatMap(result -> locked(bench, opened).map(locks -> told(bench, result, locks)));
    }

    private static Mono<DirectoryBackup> stopped(
            Workbench bench, ClusterSettings cluster, List<Repository> opened, Path source, Progress progress) {
        // the node's name needs the directory's real path
        return Mono.fromCallable(() ->
                        new DirectoryBackup(parts(bench, opened, progress), new Node(bench.node(cluster, source))))
                .subscribeOn(bench.files());
    }

    private static BackupParts parts(Workbench bench, List<Repository> opened, Progress progress) {
        return new BackupParts(
                opened.stream()
                        .map(repository ->
                                new BackupTarget(repository.name(), repository.requirement(), repository.objects()))
                        .toList(),
                opened.get(0).derivations()::pages,
                settings(bench.configuration()),
                bench.clock(),
                bench.random(),
                bench.cpu(),
                bench.files(),
                bench.events(),
                progress);
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

    private void report(Workbench bench, JsonObject object, List<String> text) {
        if (json) {
            bench.console().out().println(object);
        } else {
            text.forEach(bench.console().out()::println);
        }
    }

    /** Where stores lock: what this backup shares with older ones has been locked since these were made. */
    private static Mono<List<LockReport>> locked(Workbench bench, List<Repository> opened) {
        return Flux.fromIterable(opened)
                .concatMap(repository -> new LockExtension(bench.clock()).run(repository), 1)
                .collectList();
    }

    private static void requireLocked(BackupResult result, List<LockReport> locks) {
        for (LockReport report : locks) {
            if (report.refusedCount() > 0) {
                throw new StoreFailed(
                        "backup " + result.header().label() + " is stored, but in repository \"" + report.repository()
                                + "\" the locks of " + report.refusedCount()
                                + " objects that kept backups need could not be extended: "
                                + report.refused().get(0),
                        "backups need an identity that may extend retention; `tidemark repair` tries again");
            }
        }
    }

    private ExitCode told(Workbench bench, BackupResult result, List<LockReport> locks) {
        JsonObject object = BackupReport.json(result);
        object.add("requests", TrafficJson.of(bench.traffic()));
        report(bench, object, BackupReport.text(result));
        requireLocked(result, locks);
        return requireGoodBlocks(result);
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
