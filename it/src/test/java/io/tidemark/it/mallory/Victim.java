package io.tidemark.it.mallory;

import io.tidemark.pipeline.care.scratch.PostgresArchive;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real cluster with WAL segments of 1 MB, archived and backed up twice, stopped for good; and a second one, which has
 * keys of its own. Each act plays on a copy of the first one's repository.
 */
final class Victim implements AutoCloseable {
    private static final String PASSWORD = "scratch";
    private static final Pattern ROOT = Pattern.compile("\"root\":\"([0-9a-f]{32})\"");

    private final ScratchDirectory scratch = ScratchDirectory.create("tidemark-mallory-");
    private final Programs programs = Programs.in(scratch, Clock.systemUTC());
    private final Path postgres = scratch.readable("postgresql");
    private final List<Path> archived = new ArrayList<>();
    private final List<String> backups = new ArrayList<>();
    private final List<Path> used = new ArrayList<>();
    private int copies;
    private String root = "";

    /** Lives its life: initialised, archived, backed up twice. */
    void live() throws IOException, SQLException {
        PostgresArchive.in(archive()).unpackInto(postgres);
        scratch.givenFile("password", PASSWORD.getBytes(StandardCharsets.UTF_8));
        key("box.key", "5a");
        key("mallory.key", "66");
        scratch.given("log");
        scratch.given("wal");
        scratch.given("data");
        succeed(run("keys", "recovery-key", "--out", path("recovery.pem").toString()));
        root = init(path("repository"), "box.key");
        init(path("mallorys"), "mallory.key");
        try (PostgresServer server =
                new PostgresServer(programs, postgres, path("data"), path("log/server.log"), PASSWORD)) {
            server.initialize(path("password"), List.of("--wal-segsize=1"));
            server.configure(Map.of(
                    "archive_mode", "on",
                    "archive_command", "cp %p " + path("wal") + "/%f",
                    "shared_buffers", "32MB",
                    "autovacuum", "off"));
            for (int round = 0; round < 3; round++) {
                server.start();
                write(server, round);
                server.stop();
                push(round == 2 ? 1 : 0);
                if (round < 2) {
                    backups.add(backup());
                }
            }
        }
    }

    /** Read by this process itself, which is not the servers' account where it is root. */
    private void key(String name, String digits) throws IOException {
        Path file = Files.createFile(
                path(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, digits.repeat(32));
    }

    private static void write(PostgresServer server, int round) throws SQLException {
        try (Connection session = server.connect();
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS t (id int, text text)");
            for (int i = 0; i < 3; i++) {
                statement.execute(
                        "INSERT INTO t SELECT g, repeat('round " + round + " ', 20) FROM generate_series(1, 500) g");
                statement.execute("SELECT pg_switch_wal()");
            }
        }
    }

    /** Archives what the server has finished, but for the last {@code kept} segments. */
    private void push(int kept) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path("wal"))) {
            files = all.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .sorted()
                    .toList();
        }
        for (Path file : files.subList(0, files.size() - kept)) {
            if (!archived.contains(file)) {
                succeed(run("archive-push", file.toString()));
                archived.add(file);
            }
        }
    }

    private String backup() {
        Bench.Answer answer =
                succeed(run("backup", "--from-directory", path("data").toString(), "--json"));
        Matcher label = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}").matcher(answer.said());
        if (!label.find()) {
            throw new AssertionError("backup printed no label: " + answer.said());
        }
        return label.group();
    }

    private String init(Path repository, String key) throws IOException {
        Files.createDirectories(repository);
        Bench.Answer answer = succeed(Bench.run(
                path("data"),
                "init",
                "--json",
                "--set",
                "cluster.prod.data-directory=" + path("data"),
                "--set",
                "repository.local.directory=" + repository,
                "--set",
                "keys.provider.box.file=" + path(key),
                "--set",
                "keys.recipients.0.provider=box",
                "--set",
                "keys.recipients.1.recovery=" + path("recovery.pem.pub")));
        Matcher found = ROOT.matcher(answer.said());
        if (!found.find()) {
            throw new AssertionError("init printed no root: " + answer.said());
        }
        return found.group(1);
    }

    private Bench.Answer run(String... args) {
        return run(path("repository"), args);
    }

    /** A command of the victim's, with this directory as its repository. */
    Bench.Answer run(Path repository, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        for (String setting : List.of(
                "cluster.prod.data-directory=" + path("data"),
                "repository.local.directory=" + repository,
                "keys.provider.box.file=" + path("box.key"),
                "keys.recipients.0.provider=box",
                "keys.recipients.1.recovery=" + path("recovery.pem.pub"),
                "archive-get.patience=0s")) {
            all.add("--set");
            all.add(setting);
        }
        if (!root.isEmpty()) {
            all.add("--set");
            all.add("cluster.prod.root=" + root);
        }
        return Bench.run(path("data"), all.toArray(String[]::new));
    }

    /** A fresh copy of the repository's directory, whose {@code prod} is the root. */
    Path copy() throws IOException {
        Path copy = fresh("act");
        copyTree(path("repository"), copy);
        return copy;
    }

    /** Mallory's own cluster's root, of which she has all keys. */
    Path mallorysRoot() {
        return path("mallorys/prod");
    }

    /** The recovery key's public half, which is no secret. */
    Path recoveryPublicKey() {
        return path("recovery.pem.pub");
    }

    /** A new directory's name. */
    Path fresh(String name) {
        copies++;
        Path path = scratch.root().resolve(name + copies);
        used.add(path);
        return path;
    }

    /** A directory that stays until the end. */
    Path kept(String name) {
        return path(name);
    }

    /** Removes what {@link #copy} and {@link #fresh} gave out. */
    void clean() {
        used.forEach(ScratchDirectory::delete);
        used.clear();
    }

    /** What is archived, in order, as PostgreSQL wrote it. */
    List<Path> archived() {
        return archived;
    }

    /** The next segment, which nobody has archived yet. */
    Path next() throws IOException {
        try (Stream<Path> all = Files.list(path("wal"))) {
            return all.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .filter(file -> !archived.contains(file))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Labels of the two backups, the older first. */
    List<String> backups() {
        return backups;
    }

    private Path path(String name) {
        return scratch.root().resolve(name);
    }

    static Bench.Answer succeed(Bench.Answer answer) {
        if (answer.exit() != 0) {
            throw new AssertionError("exit " + answer.exit() + "\n" + answer.said());
        }
        return answer;
    }

    static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path source : (Iterable<Path>) all::iterator) {
                Files.copy(source, to.resolve(from.relativize(source).toString()), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static Path archive() throws IOException {
        Path directory = Path.of(System.getProperty("tidemark.root"), "it/target/postgres");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(".*-amd64-17\\..*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no archive of PostgreSQL 17 in " + directory));
        }
    }

    @Override
    public void close() {
        programs.killAll();
        scratch.close();
    }
}
