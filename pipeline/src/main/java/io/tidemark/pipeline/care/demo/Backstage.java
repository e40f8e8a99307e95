package io.tidemark.pipeline.care.demo;

import static io.tidemark.pipeline.care.demo.Narrator.fill;

import io.tidemark.pipeline.care.scratch.Account;
import io.tidemark.pipeline.care.scratch.PostgresArchive;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the story is played with: one scratch directory, in it the programs, a data directory, a repository and the
 * keys. {@link #close} strikes it all, also when the story is broken off: a shutdown hook calls it too.
 */
final class Backstage implements AutoCloseable {
    /** The line of the recovery sheet that belongs into the configuration. */
    private static final Pattern ROOT = Pattern.compile("\\broot: ([0-9a-f]{32})\\b");

    private final ScratchDirectory scratch;
    private final Programs programs;
    private final Product product;
    private final Demo.Leftovers leftovers;
    private final String password;
    private final SecureRandom random;
    private final Thread hook = new Thread(this::strike, "demo-strike");

    private @Nullable PostgresServer server;
    private String clusterSettings = "";
    private boolean struck; // guarded by this: the hook runs on a thread of its own

    private Backstage(
            ScratchDirectory scratch,
            Programs programs,
            Product product,
            Demo.Leftovers leftovers,
            SecureRandom random) {
        this.scratch = scratch;
        this.programs = programs;
        this.product = product;
        this.leftovers = leftovers;
        this.random = random;
        this.password = token();
    }

    static Backstage set(
            Product.Installation installation, Demo.Leftovers leftovers, Clock clock, SecureRandom random) {
        ScratchDirectory scratch = ScratchDirectory.create("tidemark-demo-");
        Programs programs = Programs.in(scratch, clock);
        Path configuration = scratch.root().resolve("tidemark.yaml");
        Product product = Product.forAccountOf(installation, scratch, programs, configuration);
        Backstage backstage = new Backstage(scratch, programs, product, leftovers, random);
        Runtime.getRuntime().addShutdownHook(backstage.hook);
        return backstage;
    }

    Path directory() {
        return scratch.root();
    }

    Account account() {
        return scratch.account();
    }

    Product product() {
        return product;
    }

    /** Unpacks the server's programs; returns their size. */
    long unpack(PostgresArchive archive) {
        Path directory = scratch.readable("postgresql");
        archive.unpackInto(directory);
        scratch.given("log");
        scratch.given("repository");
        return ScratchDirectory.sizeBytes(directory);
    }

    PostgresServer newServer() {
        return serverOn("data");
    }

    private PostgresServer serverOn(String data) {
        Path root = scratch.root();
        PostgresServer made = new PostgresServer(
                programs,
                root.resolve("postgresql"),
                root.resolve(data),
                root.resolve("log/" + data + ".log"),
                password);
        server = made;
        return made;
    }

    void initialize(PostgresServer made) {
        scratch.given("data");
        Path passwordFile = scratch.givenFile("password", password.getBytes(StandardCharsets.UTF_8));
        made.initialize(passwordFile, List.of());
        made.configure(Map.of(
                "archive_mode", "on",
                "archive_command", product.archiveCommand(),
                "wal_compression", "off",
                "shared_buffers", "64MB",
                "max_wal_size", "1GB"));
    }

    PostgresServer server() {
        if (server == null) {
            throw new IllegalStateException("the story needs a server before it has one");
        }
        return server;
    }

    /** The key file, the recovery pair and a configuration that names them. */
    void makeKeys() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        scratch.givenFile("box.key", key);
        scratch.given("safe");
        scratch.givenFile("pgpass", PostgresServer.passwordLine(password).getBytes(StandardCharsets.UTF_8));
        writeConfiguration();
        mustSucceed(
                "keys",
                "recovery-key",
                "--out",
                scratch.root().resolve("safe/recovery").toString());
    }

    /** Makes the repository; returns what init said. */
    String init() {
        String said = mustSucceed("init");
        Matcher root = ROOT.matcher(said);
        if (!root.find()) {
            throw new PostgresFailed("init printed no root: line, but\n" + said);
        }
        clusterSettings += "    root: " + root.group(1) + "\n";
        writeConfiguration();
        return said;
    }

    /** Starts the server; from now on the configuration says how it is reached. */
    void start() {
        server().start();
        clusterSettings +=
                "    connection: " + server().connection(scratch.root().resolve("pgpass")) + "\n";
        writeConfiguration();
    }

    private void writeConfiguration() {
        String yaml = fill("""
                cluster:
                  harbour:
                    data-directory: %1$s/data
                %2$srepository:
                  local: { directory: %1$s/repository }
                keys:
                  provider:
                    box: { file: %1$s/box.key }
                  recipients:
                    - { provider: box }
                    - { recovery: %1$s/safe/recovery.pub }
                """, scratch.root(), clusterSettings);
        scratch.readableFile("tidemark.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** Runs a command that has to succeed; returns what it printed. */
    String mustSucceed(String verb, String... arguments) {
        Programs.Outcome outcome = product.run(verb, arguments);
        if (!outcome.succeeded()) {
            throw new PostgresFailed(
                    "tidemark " + verb + " ended with exit code " + outcome.exit() + "\n" + outcome.said());
        }
        return outcome.said();
    }

    long repositoryBytes() {
        return ScratchDirectory.sizeBytes(scratch.root().resolve("repository"));
    }

    Path restoredDirectory() {
        return scratch.root().resolve("restored");
    }

    /** Restores to the point; returns what restore said. */
    String restore(String restorePoint) {
        scratch.given("restored");
        return mustSucceed(
                "restore", "--to", restoredDirectory().toString(), "--name", restorePoint, "--action", "promote");
    }

    void startRestored() {
        serverOn("restored").start();
    }

    /** The line of {@code postgresql.auto.conf} by which the restored server gets its WAL. */
    String restoreCommand() {
        Path settings = restoredDirectory().resolve("postgresql.auto.conf");
        try {
            return Files.readAllLines(settings).stream()
                    .filter(line -> line.startsWith("restore_command"))
                    .findFirst()
                    .orElseThrow(() -> new PostgresFailed("no restore_command in " + settings));
        } catch (IOException e) {
            throw new PostgresFailed("cannot read " + settings, e);
        }
    }

    /** What a person who asked for it finds afterwards. */
    Optional<String> leftovers() {
        if (leftovers == Demo.Leftovers.REMOVE) {
            return Optional.empty();
        }
        return Optional.of(fill(
                "Kept in %1$s: configuration tidemark.yaml, repository/, restored/, log/. Look with%n    %2$s info --config %1$s/tidemark.yaml%n",
                scratch.root(),
                String.join(" ", account().command(List.of(product.launcher().toString())))));
    }

    private String token() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        strike();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the machine is going down already, and the hook has done its work
        }
    }

    private synchronized void strike() {
        if (struck) {
            return;
        }
        struck = true;
        boolean interrupted =
                Thread.interrupted(); // who breaks the story off interrupts it; cleaning up still waits for programs
        try {
            if (server != null) {
                server.close();
            }
        } finally {
            programs.killAll();
            if (leftovers == Demo.Leftovers.REMOVE) {
                scratch.close();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
