package io.tidemark.it;

import io.tidemark.it.kmip.KmsServer;
import io.tidemark.it.s3.S3Server;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One PostgreSQL cluster with its own configuration of Tidemark, keys and repositories. Made once a test class. Its
 * data directory, and those restored from it, lie in {@link #directory}.
 */
final class Cluster implements AutoCloseable {
    private static final String PASSWORD = "scratch";
    private static final Pattern LABEL = Pattern.compile("(?m)^backup ([0-9]{8}T[0-9]{6}Z-[0-9a-f]{6})$");
    private static final Pattern ROOT = Pattern.compile("\\broot: ([0-9a-f]{32})\\b");

    private final Lab lab;
    private final int major;
    private final String name;
    private final Path directory;
    private final List<String> repositories;
    private final Map<String, String> buckets = new LinkedHashMap<>();
    private final List<PostgresServer> servers = new ArrayList<>();
    private final Product product;
    private String root = "";
    private String keys;

    /**
     * @param repositories their names; an optional one has a {@code ?} behind its name
     */
    Cluster(Lab lab, int major, List<String> repositories) {
        this(lab, major, repositories, lab.product());
    }

    private Cluster(Lab lab, int major, List<String> repositories, Product installed) {
        this.lab = lab;
        this.major = major;
        this.name = lab.nextName();
        this.repositories = List.copyOf(repositories);
        this.directory = lab.scratch().readable(name);
        this.product = installed.withConfiguration(directory.resolve("tidemark.yaml"));
        this.keys = "keys:\n  provider:\n    box: { file: %s/box.key }\n  recipients:\n    - { provider: box }\n"
                .formatted(directory);
        for (String repository : repositories) {
            lab.scratch().given(name + "/" + plain(repository));
        }
        lab.scratch().given(name + "/log");
        lab.scratch().given(name + "/safe");
        lab.scratch().givenFile(name + "/password", PASSWORD.getBytes(StandardCharsets.UTF_8));
        lab.scratch()
                .givenFile(
                        name + "/pgpass", PostgresServer.passwordLine(PASSWORD).getBytes(StandardCharsets.UTF_8));
        lab.scratch().givenFile(name + "/box.key", "5a".repeat(32).getBytes(StandardCharsets.US_ASCII));
        configure();
    }

    /** A cluster of the default version with one repository, {@code local}. */
    static Cluster of(Lab lab) {
        return new Cluster(lab, 17, List.of("local"));
    }

    /** A cluster whose Tidemark may be broken without breaking anybody else's. */
    static Cluster withOwnInstallation(Lab lab) {
        return new Cluster(lab, 17, List.of("local"), lab.anotherInstallation());
    }

    Path directory() {
        return directory;
    }

    Path repository(String repository) {
        return directory.resolve(repository);
    }

    Product product() {
        return product;
    }

    /** The object of the last archived segment. */
    Path lastSegment(String repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository(repository))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow(() -> new AssertionError("nothing archived in " + repository));
        }
    }

    private static String plain(String repository) {
        return repository.replace("?", "");
    }

    /** A new directory of the server's account, beside the data directory. */
    Path newDirectory(String directoryName) {
        return lab.scratch().given(name + "/" + directoryName);
    }

    private static boolean required(String repository) {
        return !repository.endsWith("?");
    }

    private void configure() {
        StringBuilder yaml = new StringBuilder("cluster:\n  prod:\n    data-directory: " + directory + "/data\n");
        if (!root.isEmpty()) {
            yaml.append("    root: ").append(root).append('\n');
        }
        yaml.append("repository:\n");
        for (String repository : repositories) {
            String place =
                    buckets.getOrDefault(plain(repository), "directory: %s/%s".formatted(directory, plain(repository)));
            yaml.append("  %s: { %s, required: %s }\n".formatted(plain(repository), place, required(repository)));
        }
        yaml.append(keys);
        yaml.append("archive-get: { patience: 2s }\n");
        lab.scratch().readableFile(name + "/tidemark.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a repository into a new bucket of this server; its credentials lie in files beside the configuration. */
    Cluster inBucket(String repository, S3Server server) {
        lab.scratch()
                .givenFile(name + "/" + repository + ".id", ascii(server.owner().accessKey()));
        lab.scratch()
                .givenFile(
                        name + "/" + repository + ".secret",
                        ascii(server.owner().secretKey()));
        String trust = server.authority().map(pem -> ", trust: " + pem).orElse("");
        buckets.put(
                repository,
                "s3: { bucket: %s, prefix: it/, endpoint: \"%s\", access-key: \"file:%s.id\", secret-key: \"file:%s.secret\"%s }"
                        .formatted(
                                server.newBucket(),
                                server.endpoint(),
                                directory.resolve(repository),
                                directory.resolve(repository),
                                trust));
        configure();
        return this;
    }

    /** What the configuration says of a repository in a bucket, without the braces around it. */
    String bucket(String repository) {
        return Objects.requireNonNull(buckets.get(repository), repository);
    }

    /**
     * Has Tidemark's key at a key server, instead of in a file; the certificate and key of its client lie beside the configuration.
     *
     * @param who a client of the server's
     * @param key the name of Tidemark's key
     */
    Cluster withKeyAt(KmsServer server, String who, String key) {
        Map<String, String> files = Map.of(
                "client.crt",
                "client-" + who + ".crt",
                "client.key",
                "client-" + who + ".key",
                "authority.pem",
                "ca.crt");
        files.forEach((ours, theirs) -> {
            try {
                lab.scratch()
                        .givenFile(
                                name + "/" + ours,
                                Files.readAllBytes(server.pki().file(theirs)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        keys = """
                keys:
                  provider:
                    kms:
                      kmip:
                        hosts: ["%1$s:%2$d"]
                        certificate: %3$s/client.crt
                        key: %3$s/client.key
                        trust: %3$s/authority.pem
                  recipients:
                    - { provider: kms, key: %4$s }
                """.formatted(server.host(), server.port(), directory, key);
        configure();
        return this;
    }

    /** Other keys than the key file: what the configuration says of them, with {@code keys:} at its start. */
    Cluster withKeys(String yaml) {
        keys = yaml;
        configure();
        return this;
    }

    /** A file of the server's account beside the configuration. */
    Path newFile(String file, byte[] content) {
        lab.scratch().givenFile(name + "/" + file, content);
        return directory.resolve(file);
    }

    /** What the configuration says of keys. */
    String keys() {
        return keys;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The product with another configuration, beside this cluster's own. */
    Product productWith(String file, String yaml) {
        lab.scratch().readableFile(name + "/" + file, yaml.getBytes(StandardCharsets.UTF_8));
        return product.withConfiguration(directory.resolve(file));
    }

    /** The root that {@code init} has printed. */
    String root() {
        return root;
    }

    /** {@code tidemark init}, and the root that it prints goes into the configuration. */
    void initRepositories() {
        initRepositories("--without-recovery-key");
    }

    /** The same with these options. */
    void initRepositories(String... options) {
        String said = run("init", options).said();
        Matcher line = ROOT.matcher(said);
        if (!line.find()) {
            throw new AssertionError("init printed no root: line, but\n" + said);
        }
        root = line.group(1);
        configure();
    }

    /** Runs a command of the product that has to succeed. */
    Programs.Outcome run(String verb, String... arguments) {
        Programs.Outcome outcome = product.run(verb, arguments);
        if (!outcome.succeeded()) {
            throw new AssertionError(
                    "tidemark " + verb + " ended with exit code " + outcome.exit() + "\n" + outcome.said());
        }
        return outcome;
    }

    /** A new server on {@code data}, archiving, not yet started. */
    PostgresServer newServer(Map<String, String> settings, String... initdb) {
        lab.scratch().given(name + "/data");
        PostgresServer server = serverOn("data");
        server.initialize(directory.resolve("password"), List.of(initdb));
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "archive_mode", "on",
                "archive_command", product.archiveCommand(),
                "track_commit_timestamp", "on",
                "shared_buffers", "32MB",
                "autovacuum", "off",
                "log_min_messages", "info"));
        all.putAll(settings);
        server.configure(all);
        return server;
    }

    /** A server on a directory of this cluster's. */
    PostgresServer serverOn(String data) {
        PostgresServer server = new PostgresServer(
                lab.programs(),
                lab.postgres(major),
                directory.resolve(data),
                directory.resolve("log/" + data + ".log"),
                PASSWORD);
        servers.add(server);
        return server;
    }

    /** {@code tidemark backup} of the stopped server. */
    Programs.Outcome backup() {
        return run("backup", "--from-directory", directory.resolve("data").toString());
    }

    /** {@code tidemark backup} of a running server. */
    Programs.Outcome backup(PostgresServer server, String... arguments) {
        return run("backup", online(server, arguments));
    }

    /** Starts {@code tidemark backup} of a running server. */
    Programs.Running startBackup(PostgresServer server, String... arguments) {
        return product.start("backup", online(server, arguments));
    }

    private String[] online(PostgresServer server, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("--checkpoint", "fast", "--set", "cluster.prod.connection=" + connection(server)));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    /** The label of a backup that was taken. */
    static String label(Programs.Outcome backup) {
        Matcher line = LABEL.matcher(backup.output());
        if (!line.find()) {
            throw new AssertionError("backup printed no label, but\n" + backup.said());
        }
        return line.group(1);
    }

    /** In libpq's words. */
    String connection(PostgresServer server) {
        return server.connection(directory.resolve("pgpass"));
    }

    /** {@code tidemark restore} into a directory of this name; the server on it is not started. */
    PostgresServer restore(String data, String... arguments) {
        run("restore", restoreTo(data, arguments));
        return serverOn(data);
    }

    /** Starts {@code tidemark restore} into a directory of this name. */
    Programs.Running startRestore(String data, String... arguments) {
        return product.start("restore", restoreTo(data, arguments));
    }

    private String[] restoreTo(String data, String... arguments) {
        if (!Files.exists(directory.resolve(data))) {
            lab.scratch().given(name + "/" + data);
        }
        List<String> all =
                new ArrayList<>(List.of("--to", directory.resolve(data).toString()));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    /** Closes the current segment and waits until everything so far is archived. */
    static void archiveEverything(Connection session) throws SQLException {
        text(session, "SELECT pg_create_restore_point('segment ends')");
        String segment = text(session, "SELECT pg_walfile_name(pg_switch_wal())");
        await(
                session,
                "SELECT last_archived_wal >= '%s' COLLATE \"C\" FROM pg_stat_archiver".formatted(segment),
                segment + " is archived");
    }

    static void awaitPromotion(Connection session) throws SQLException {
        await(session, "SELECT NOT pg_is_in_recovery()", "recovery has ended");
    }

    /** Waits until no postmaster runs on the server's data directory. */
    static void awaitStop(PostgresServer server) {
        for (int twentieths = 0; server.isRunning(); twentieths++) {
            if (twentieths > 2_400) {
                throw new AssertionError("not within two minutes: the server has stopped\n" + server.lastLog());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Waits, in the server, until the question is answered with true. */
    static void await(Connection session, String question, String what) throws SQLException {
        for (int twentieths = 0; !"t".equals(text(session, question)); twentieths++) {
            if (twentieths > 2_400) {
                throw new AssertionError("not within two minutes: " + what);
            }
            text(session, "SELECT pg_sleep(0.05)");
        }
    }

    static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    static String text(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** Removes a data directory whose server is stopped. */
    void destroy(PostgresServer server) {
        server.stopAtOnce();
        ScratchDirectory.delete(server.dataDirectory());
    }

    @Override
    public void close() {
        servers.forEach(PostgresServer::close);
        ScratchDirectory.delete(directory);
    }
}
