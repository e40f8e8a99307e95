package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
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
 * Backups of a server that goes on working, and everything that may happen to one: what comes back is whole, or there is no backup
 * (invariant 7), and the server is free of it.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OnlineBackupTest {
    private static final long SEED = 17_011;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int KILLS = Effort.scaled(3, 200);
    /** Packs of 4 MiB, so that there are some while a backup runs. */
    private static final String SMALL_PACKS = "limits.memory=16MiB";

    private static final String SLOW = "4MiB";

    private final Cluster cluster;
    private final Ledger ledger = new Ledger(SEED);
    private final Random random = new Random(SEED);
    private PostgresServer server;
    private Path running = Path.of("none");

    OnlineBackupTest(Lab lab) {
        cluster = Cluster.of(lab);
        server = cluster.serverOn("data");
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED + ", " + KILLS + " kills");
        cluster.initRepositories();
        server = cluster.newServer(Map.of("autovacuum", "on"));
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            ledger.write(session, 40);
            // what does not compress, so that packs become full while a backup runs
            Cluster.execute(
                    session,
                    "CREATE TABLE noise (content text); ALTER TABLE noise ALTER COLUMN content SET STORAGE EXTERNAL;"
                            + " INSERT INTO noise SELECT string_agg(md5(i::text), '') FROM generate_series(1, 600000) AS i"
                            + " GROUP BY i % 3000");
        }
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    @Order(1)
    void t88_backupUnderLoad_comesBackConsistentAndWholeToTheEnd() throws Exception {
        Programs.Outcome backup;
        try (Churn churn = Churn.on(server, ledger, SEED)) {
            backup = cluster.backup(server, "--max-rate", "16MiB");
        }
        assertThat(backup.output()).contains("backup 20");
        try (Connection session = server.connect()) {
            ledger.write(session, 20);
            Cluster.archiveEverything(session);
        }

        PostgresServer consistent = cluster.restore("consistent", "--immediate", "--action", "promote");
        consistent.start();
        try (Connection session = consistent.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            assertThat(Ledger.read(session)).isIn(ledger.states());
        }
        cluster.destroy(consistent);

        PostgresServer latest = cluster.restore("latest", "--latest");
        latest.start();
        try (Connection session = latest.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
            assertThat(Cluster.text(session, "SHOW archive_mode")).isEqualTo("off");
        }
        cluster.destroy(latest);
    }

    @Test
    @Order(2)
    void t93_backupWhoseWalIsNotArchived_failsInTimeAndSaysWhy() throws Exception {
        long before = manifests();
        archiveCommand("false");
        try {
            Programs.Outcome outcome = cluster.startBackup(server, "--set", "backup.archive-timeout=4s")
                    .outcome(LIMIT);

            assertThat(outcome.exit()).as(outcome.said()).isEqualTo(10);
            assertThat(outcome.errors()).contains("did not arrive in repository \"local\"", "fails");
            assertThat(manifests()).isEqualTo(before);
        } finally {
            archiveCommand(cluster.product().archiveCommand());
        }
    }

    @Test
    @Order(3)
    void t92_backupWhoseSessionIsEnded_failsAtOnceWithoutAManifest() throws Exception {
        long before = manifests();
        Programs.Running backup = slowBackup();
        try (Connection session = server.connect()) {
            Cluster.text(session, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_replication");
        }

        Programs.Outcome outcome = backup.outcome(LIMIT);

        assertThat(outcome.exit()).as(outcome.said()).isEqualTo(7);
        assertThat(manifests()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void backup_whoseServerCrashes_failsWithoutAManifestAndTheNextOneIsGood() throws Exception {
        long before = manifests();
        Programs.Running backup = slowBackup();
        server.stopAtOnce();

        Programs.Outcome outcome = backup.outcome(LIMIT);

        assertThat(outcome.exit()).as(outcome.said()).isEqualTo(7);
        assertThat(manifests()).isEqualTo(before);
        server.start();
        cluster.backup(server);
        assertThat(manifests()).isEqualTo(before + 1);
    }

    @Test
    @Order(5)
    void backup_killedAnywhere_leavesNoBackupAndFreesTheServer() throws Exception {
        Duration whole = cluster.backup(server, "--set", SMALL_PACKS).took();
        long backups = manifests();
        for (int i = 0; i < KILLS; i++) {
            Programs.Running backup = cluster.startBackup(server, "--set", SMALL_PACKS);
            if (!backup.endsWithin(Duration.ofMillis(random.nextLong(1, whole.toMillis() * 11 / 10)))) {
                backup.killNow();
            }
            Programs.Outcome outcome = backup.outcome(LIMIT);
            // killed behind the manifest's put, before its answer: the backup exists all the same
            long now = manifests();
            assertThat(now)
                    .as("backups, exit code %d", outcome.exit())
                    .isBetween(outcome.exit() == 0 ? backups + 1 : backups, backups + 1);
            backups = now;
        }
        awaitNoWalsender();
        cluster.backup(server);
        assertThat(manifests()).isEqualTo(backups + 1);
        Repositories.everyObjectOpens(cluster);
    }

    /** docs/FORMAT.md section 5, One name decides: who removes a late backup's packs puts its manifest first. */
    @Test
    @Order(6)
    void backup_stoppedPastItsDeadlineAndAbandoned_publishesNothing() throws Exception {
        long before = manifests();
        Programs.Running backup = slowBackup();
        signal(backup, "STOP");
        Repositories.abandon(cluster, running.getFileName().toString());
        // the test may be root, and the product is not
        Files.setOwner(running.resolve("manifest"), Files.getOwner(running));
        List<Path> packs = packs(running);
        assertThat(packs).isNotEmpty();
        for (Path pack : packs) {
            Files.delete(pack);
        }
        signal(backup, "CONT");

        Programs.Outcome outcome = backup.outcome(LIMIT);

        assertThat(outcome.exit()).as(outcome.said()).isEqualTo(9);
        assertThat(outcome.errors()).contains("declared abandoned");
        assertThat(manifests()).isEqualTo(before + 1);
        assertThat(cluster.run("info").output()).doesNotContain(running.getFileName() + "  PostgreSQL");
    }

    @Test
    @Order(7)
    void dryRun_ofARunningServer_saysWhatItWouldTakeAndWritesNothing() throws Exception {
        List<Path> before = objectsOfBackups();

        Programs.Outcome outcome = cluster.backup(server, "--dry-run");

        assertThat(outcome.output()).contains("would back up:", "a primary", "PostgreSQL 17");
        assertThat(objectsOfBackups()).hasSameSizeAs(before);
    }

    @Test
    @Order(8)
    void backup_withoutArchiving_isRefusedBeforeItBegins() throws Exception {
        List<Path> before = objectsOfBackups();
        server.stop();
        server.configure(Map.of("archive_mode", "off"));
        server.start();

        Programs.Outcome outcome = cluster.startBackup(server).outcome(LIMIT);

        assertThat(outcome.exit()).as(outcome.said()).isEqualTo(8);
        assertThat(outcome.errors()).contains("archive_mode is off");
        assertThat(objectsOfBackups()).hasSameSizeAs(before);
    }

    /** One that has put packs and will not be done for a while; its directory is {@link #running}. */
    private Programs.Running slowBackup() throws Exception {
        List<Path> before = backups();
        Programs.Running backup = cluster.startBackup(server, "--max-rate", SLOW, "--set", SMALL_PACKS);
        for (int twentieths = 0; !hasPacks(before); twentieths++) {
            if (twentieths > 2_400 || backup.endsWithin(Duration.ZERO)) {
                throw new AssertionError(
                        "the backup put no pack: " + backup.outcome(LIMIT).said());
            }
            LockSupport.parkNanos(50_000_000);
        }
        return backup;
    }

    private boolean hasPacks(List<Path> before) throws IOException {
        for (Path backup : backups()) {
            if (!before.contains(backup)) {
                running = backup;
                return !packs(backup).isEmpty();
            }
        }
        return false;
    }

    /** The directory of each backup, those included that came to nothing. */
    private List<Path> backups() throws IOException {
        try (Stream<Path> all = Files.walk(cluster.repository("local"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}"))
                    .toList();
        }
    }

    private static List<Path> packs(Path backup) throws IOException {
        return files(backup, "[0-9]{8}").stream()
                .filter(file -> file.toString().contains("/pack/"))
                .toList();
    }

    private List<Path> objectsOfBackups() throws IOException {
        return files(cluster.repository("local"), ".*").stream()
                .filter(file -> file.toString().contains("/backup/"))
                .toList();
    }

    private static List<Path> files(Path directory, String name) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(name)
                            && !file.toString().contains("/intent/")
                            && !file.toString().contains("/.tmp/"))
                    .toList();
        }
    }

    private static void signal(Programs.Running running, String signal) throws Exception {
        List<ProcessHandle> all = Stream.concat(
                        running.process().descendants(),
                        Stream.of(running.process().toHandle()))
                .toList();
        for (ProcessHandle process : all) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    private void archiveCommand(String command) throws SQLException {
        server.configure(Map.of("archive_command", command));
        try (Connection session = server.connect()) {
            Cluster.text(session, "SELECT pg_reload_conf()");
        }
    }

    private void awaitNoWalsender() throws SQLException {
        try (Connection session = server.connect()) {
            Cluster.await(session, "SELECT count(*) = 0 FROM pg_stat_replication", "no walsender is left");
        }
    }

    private long manifests() throws IOException {
        return files(cluster.repository("local"), "manifest").size();
    }
}
