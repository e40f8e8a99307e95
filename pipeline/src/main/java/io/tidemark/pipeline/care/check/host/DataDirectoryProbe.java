package io.tidemark.pipeline.care.check.host;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Known;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whether the configured data directory is the server's, whose it is, and what lies in it that stands in the way. */
public final class DataDirectoryProbe implements Probe.Independent {
    private static final int MOST_BYTES = 1 << 20;

    private final ClusterSettings cluster;
    private final Mono<ServerState> server;
    private final String user;
    private final Scheduler files;

    /** @param user as whom this process runs */
    public DataDirectoryProbe(ClusterSettings cluster, Mono<ServerState> server, String user, Scheduler files) {
        this.cluster = cluster;
        this.server = server;
        this.user = user;
        this.files = files;
    }

    @Override
    public String name() {
        return "data directory";
    }

    @Override
    public Flux<Finding> findings() {
        Path directory = cluster.dataDirectory();
        if (directory == null) {
            return Flux.just(Finding.skipped(name(), "none is configured"));
        }
        return Known.ofAnother(server).publishOn(files).flatMapIterable(state -> looked(directory, state.orElse(null)));
    }

    private List<Finding> looked(Path directory, @Nullable ServerState state) {
        List<Finding> findings = new ArrayList<>();
        try {
            PgControl known = PgControl.read(directory);
            sameSystem(directory, known, state, findings);
            ownFile(directory, findings);
            pgTde(directory, findings);
            configuration(directory, state, findings);
        } catch (NoSuchFileException none) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.USAGE,
                    directory + " is no data directory: it has no " + PgControl.PATH,
                    "cluster." + cluster.name() + ".data-directory: what SHOW data_directory says"));
        } catch (IOException failure) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.USAGE,
                    directory + " cannot be read: " + failure,
                    "run check as the server's operating system user, as PostgreSQL runs archive_command"));
        } catch (TidemarkException refused) {
            findings.add(Finding.failed(name(), refused));
        }
        return findings;
    }

    private void sameSystem(Path directory, PgControl control, @Nullable ServerState state, List<Finding> findings) {
        String ours = Long.toUnsignedString(control.systemIdentifier());
        Long served = state == null ? null : state.systemIdentifier();
        if (state != null && served != null && served != control.systemIdentifier()) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.INTEGRITY,
                    directory + " is of system " + ours + ", the server at " + state.where() + " of system "
                            + Long.toUnsignedString(served),
                    "connection and data-directory of cluster." + cluster.name() + " must be of one cluster"));
            return;
        }
        String said = state == null ? null : state.setting("data_directory").orElse(null);
        if (said != null && isElsewhere(directory, Path.of(said))) {
            findings.add(Finding.warning(
                    name(),
                    "the server's data directory is " + said + ", configured is " + directory + " of the same system",
                    "cluster." + cluster.name() + ".data-directory: " + said));
            return;
        }
        findings.add(
                Finding.ok(name(), directory + " of system " + ours + (served == null ? "" : ", the server's own")));
    }

    /** The server may be on another host, where the path means something else. */
    private static boolean isElsewhere(Path configured, Path said) {
        try {
            return Files.isDirectory(said) && !Files.isSameFile(configured, said);
        } catch (IOException unknown) {
            return false;
        }
    }

    private void ownFile(Path directory, List<Finding> findings) throws IOException {
        String owner = Files.getOwner(directory).getName();
        if (!owner.equals(user)) {
            findings.add(Finding.warning(
                    name(),
                    "it belongs to " + owner + ", and check runs as " + user
                            + ": whether PostgreSQL can run Tidemark was not seen",
                    "run check as " + owner + ", as whom PostgreSQL runs archive_command: runuser -u " + owner
                            + " -- tidemark check"));
        }
    }

    /** Backup and archiving refuse such a directory, by the same files. */
    private void pgTde(Path directory, List<Finding> findings) throws IOException {
        Path pgTde = directory.resolve("pg_tde");
        if (!Files.isDirectory(pgTde)) {
            return;
        }
        try (Stream<Path> inside = Files.list(pgTde)) {
            List<String> keys = inside.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("_keys"))
                    .sorted()
                    .toList();
            if (!keys.isEmpty()) {
                findings.add(Finding.failed(
                        "pg_tde",
                        FailureKind.NOT_IN_THIS_VERSION,
                        pgTde + " holds keys (" + keys.get(0)
                                + "): archiving and backing up pg_tde is not in this version",
                        "use pg_tde_basebackup and its archive wrapper until it is"));
            }
        }
    }

    private void configuration(Path directory, @Nullable ServerState state, List<Finding> findings) throws IOException {
        if (Files.exists(directory.resolve("recovery.conf"))) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.USAGE,
                    directory + " has a recovery.conf: no server from PostgreSQL 12 on starts with it",
                    "rm " + directory
                            + "/recovery.conf; its settings go into postgresql.conf, beside a recovery.signal "
                            + "or standby.signal"));
        }
        int major = state == null ? 0 : state.majorVersion();
        String main = state == null ? null : state.setting("config_file").orElse(null);
        List<Path> paths = List.of(
                main == null ? directory.resolve("postgresql.conf") : Path.of(main),
                directory.resolve("postgresql.auto.conf"));
        for (Path file : paths) {
            if (Files.isReadable(file) && Files.size(file) < MOST_BYTES) {
                // latin-1 takes every byte: names are ASCII, and values are not looked at
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                findings.addAll(ServerFiles.judged("settings", file.toString(), text, major));
            }
        }
    }
}
