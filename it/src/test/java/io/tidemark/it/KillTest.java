package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * kill -9 at random moments, of the launcher and all that it started. What must hold afterwards: no visible object that
 * does not open, no backup without its manifest, a rerun completes, PostgreSQL goes on (invariants 1, 2 and 7).
 *
 * <p>The scenarios are acts of one story on one cluster, in their order.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KillTest {
    private static final long SEED = 17_005;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int KILLS = Effort.scaled(5, 200);

    private final Ledger ledger = new Ledger(SEED);
    private final Random random = new Random(SEED);
    private final Cluster cluster;
    private final Product product;
    private PostgresServer server;

    KillTest(Lab lab) {
        cluster = Cluster.of(lab);
        product = cluster.product().in(cluster.directory().resolve("data"));
    }

    /** A cluster that has more segments ready than there will be kills, and an archive_command that does nothing yet. */
    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED + ", " + KILLS + " kills of each command");
        cluster.initRepositories();
        server = cluster.newServer(Map.of("archive_command", "false", "max_wal_size", "4GB"), "--wal-segsize=1");
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            ledger.write(session, 400);
        }
        server.stop();
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    @Order(1)
    void backup_killedAnywhere_leavesNoBackupAndARerunCompletes() throws Exception {
        String data = server.dataDirectory().toString();
        Duration whole = cluster.backup().took();
        int backups = manifests();
        for (int i = 0; i < KILLS; i++) {
            Programs.Outcome outcome = killed(product.start("backup", "--from-directory", data), whole);
            int now = manifests();
            // killed behind the manifest's put, before its answer: the backup exists all the same
            assertThat(now)
                    .as("backups with a manifest, exit code %d", outcome.exit())
                    .isBetween(outcome.exit() == 0 ? backups + 1 : backups, backups + 1);
            backups = now;
        }
        cluster.backup();
        assertThat(manifests()).isEqualTo(backups + 1);
        Repositories.everyObjectOpens(cluster);
    }

    @Test
    @Order(2)
    void archivePush_killedAnywhere_isRepeatedAndPostgresGoesOn() throws Exception {
        server.start();
        try (Connection session = server.connect()) {
            for (int i = 0; i < KILLS; i++) {
                ledger.write(session, 10);
                Cluster.text(session, "SELECT pg_switch_wal()");
            }
        }
        List<String> ready = readySegments();
        assertThat(ready).hasSizeGreaterThan(KILLS);
        Programs.Outcome clean = product.run("archive-push", "pg_wal/" + ready.get(0));
        assertThat(clean.exit()).as(clean.said()).isZero();
        Duration whole = clean.took();
        for (int i = 0; i < KILLS; i++) {
            killed(product.start("archive-push", "pg_wal/" + ready.get(1 + i)), whole);
        }
        Repositories.everyObjectOpens(cluster);

        try (Connection session = server.connect()) {
            Cluster.text(session, "SELECT 1");
            server.configure(Map.of("archive_command", product.archiveCommand()));
            Cluster.text(session, "SELECT pg_reload_conf()");
            ledger.write(session, 10);
            Cluster.archiveEverything(session);
        }
        Repositories.everyObjectOpens(cluster);
    }

    @Test
    @Order(3)
    void archiveGet_killedAnywhere_leavesTheWholeFileOrNone() throws Exception {
        Path destination = server.dataDirectory().resolve("pg_wal/RECOVERYXLOG");
        String segment = archivedSegments().get(0);
        Programs.Outcome clean = product.run("archive-get", segment, "pg_wal/RECOVERYXLOG");
        assertThat(clean.exit()).as(clean.said()).isZero();
        byte[] content = Files.readAllBytes(destination);
        for (int i = 0; i < KILLS; i++) {
            Files.delete(destination);
            killed(product.start("archive-get", segment, "pg_wal/RECOVERYXLOG"), clean.took());
            if (Files.exists(destination)) {
                assertThat(Files.readAllBytes(destination)).isEqualTo(content);
            }
            Programs.Outcome again = product.run("archive-get", segment, "pg_wal/RECOVERYXLOG");
            assertThat(again.exit()).as(again.said()).isZero();
            assertThat(Files.readAllBytes(destination)).isEqualTo(content);
        }
        Files.delete(destination);
        assertThat(temporaryFiles(server.dataDirectory().resolve("pg_wal")))
                .as("left in pg_wal")
                .isEmpty();
    }

    @Test
    @Order(4)
    void t51_restore_killedAnywhere_cannotBeStartedAndARerunCompletes() throws Exception {
        cluster.destroy(server);
        Programs.Outcome clean = cluster.startRestore("restored", "--latest", "--action", "promote")
                .outcome(LIMIT);
        assertThat(clean.exit()).as(clean.said()).isZero();
        PostgresServer restored = cluster.serverOn("restored");
        Duration whole = clean.took();
        for (int i = 0; i < KILLS; i++) {
            ScratchDirectory.delete(restored.dataDirectory());
            Programs.Outcome outcome =
                    killed(cluster.startRestore("restored", "--latest", "--action", "promote"), whole);
            boolean finished = Files.exists(restored.dataDirectory().resolve("global/pg_control"));
            if (!finished) {
                assertThat(outcome.exit()).as(outcome.said()).isNotZero();
                assertThat(restored.tryStart().succeeded())
                        .as("a server on half a restore starts")
                        .isFalse();
                cluster.restore("restored", "--latest", "--action", "promote");
            }
        }
        restored.start();
        try (Connection session = restored.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
        }
    }

    /** Lets a command run for a random part of the time that it takes, then kills it with everything it has started. */
    private Programs.Outcome killed(Programs.Running command, Duration whole) {
        long moment = random.nextLong(1, Math.max(2, whole.toMillis() * 11 / 10));
        if (!command.endsWithin(Duration.ofMillis(moment))) {
            command.killNow();
        }
        return command.outcome(LIMIT);
    }

    private int manifests() throws IOException {
        return names(cluster.repository("local"), "manifest").size();
    }

    private List<String> readySegments() throws IOException {
        Path status = server.dataDirectory().resolve("pg_wal/archive_status");
        return names(status, ".ready").stream()
                .map(name -> name.replace(".ready", ""))
                .toList();
    }

    private List<String> archivedSegments() throws IOException {
        try (Stream<Path> files = Files.walk(cluster.repository("local"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9A-F]{24}"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> temporaryFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.matches("[0-9A-F]{24}(\\..*)?|archive_status|summaries|xlogtemp\\..*"))
                    .toList();
        }
    }

    private static List<String> names(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
