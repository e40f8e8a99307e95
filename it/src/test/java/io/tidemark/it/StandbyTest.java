package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
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
 * A standby that lives from the archive alone. It polls for ever, and an exit code above 125 would shut it down: so doubt
 * is exit 1 after the patience, loudly, but never while a promotion is asked for (invariant 3).
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StandbyTest {
    private static final long SEED = 17_008;

    private final Cluster cluster;
    private final Ledger ledger = new Ledger(SEED);
    private PostgresServer primary;
    private PostgresServer standby;

    StandbyTest(Lab lab) {
        cluster = Cluster.of(lab);
        primary = cluster.serverOn("data");
        standby = cluster.serverOn("standby");
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        cluster.initRepositories();
        primary = cluster.newServer(Map.of(), "--wal-segsize=1");
        primary.start();
        try (Connection session = primary.connect()) {
            ledger.create(session);
            ledger.write(session, 30);
        }
        cluster.backup(primary);
        try (Connection session = primary.connect()) {
            ledger.write(session, 10);
            Cluster.archiveEverything(session);
        }
        standby = cluster.restore("standby", "--latest");
        Files.move(
                standby.dataDirectory().resolve("recovery.signal"),
                standby.dataDirectory().resolve("standby.signal"));
        standby.configure(Map.of("wal_retrieve_retry_interval", "200ms"));
        standby.start();
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    @Order(1)
    void standby_followsTheArchive() throws Exception {
        advance();

        assertThat(standbyCatchesUp()).isEqualTo(ledger.last().state());
    }

    @Test
    @Order(2)
    void standby_whoseRepositoryGoesAway_staysUpAndCatchesUpWhenItIsBack() throws Exception {
        Path repository = cluster.repository("local");
        Path aside = repository.resolveSibling("aside");
        Files.move(repository, aside);
        try (Connection session = standby.connect()) {
            long polls = failedPolls();
            for (int fifths = 0; failedPolls() < polls + 2; fifths++) {
                assertThat(fifths)
                        .as("fifths of a second until two polls have failed")
                        .isLessThan(600);
                Cluster.text(session, "SELECT pg_sleep(0.2)");
            }
            assertThat(Cluster.text(session, "SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
        } finally {
            Files.move(aside, repository);
        }
        advance();

        assertThat(standbyCatchesUp()).isEqualTo(ledger.last().state());
    }

    /** Its WAL is archived by the primary, which has to switch segments for that; here it is busy. */
    @Test
    @Order(3)
    void backup_ofTheStandby_comesBackWithoutTheStandby() throws Exception {
        String backup;
        try (Churn churn = Churn.on(primary, ledger, SEED)) {
            backup = Cluster.label(cluster.backup(standby));
        }
        advance();
        assertThat(cluster.run("info", backup).output()).contains("standby, node ");

        PostgresServer restored = cluster.restore("restored", "--backup", backup, "--latest");
        restored.start();
        try (Connection session = restored.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
        }
        cluster.destroy(restored);
    }

    @Test
    @Order(4)
    void archiveGet_inDoubtWhileAPromotionIsAskedFor_isAbove200() throws Exception {
        Product product = cluster.product().in(standby.dataDirectory());
        Path repository = cluster.repository("local");
        Path aside = repository.resolveSibling("aside");
        Path promote = standby.dataDirectory().resolve("promote");
        Files.move(repository, aside);
        try {
            Programs.Outcome polled =
                    product.run("archive-get", "00000001000000000000000F", "pg_wal/RECOVERYXLOG-test");
            assertThat(polled.exit()).as(polled.said()).isEqualTo(1);
            assertThat(polled.errors()).isNotBlank();

            Files.createFile(promote);
            Programs.Outcome asked = product.run("archive-get", "00000001000000000000000F", "pg_wal/RECOVERYXLOG-test");
            assertThat(asked.exit()).as(asked.said()).isGreaterThan(200);
        } finally {
            Files.deleteIfExists(promote);
            Files.move(aside, repository);
        }
    }

    /** The last act: afterwards there is no standby any more. */
    @Test
    @Order(5)
    void t90_backupOfAStandbyThatIsPromoted_failsWithoutAManifest() throws Exception {
        // the act before may have shut it down
        standby.stopAtOnce();
        standby.start();
        Programs.Running backup = cluster.startBackup(standby, "--max-rate", "2MiB");
        try (Connection session = standby.connect()) {
            Cluster.await(
                    session,
                    "SELECT count(*) = 1 FROM pg_stat_progress_basebackup WHERE phase LIKE 'streaming%'",
                    "the backup streams");
            Cluster.text(session, "SELECT pg_promote()");
        }

        Programs.Outcome outcome = backup.outcome(Duration.ofMinutes(2));

        assertThat(outcome.exit()).as(outcome.said()).isEqualTo(7);
        assertThat(outcome.errors()).contains("promoted");
    }

    private void advance() throws Exception {
        try (Connection session = primary.connect()) {
            ledger.write(session, 10);
            Cluster.archiveEverything(session);
        }
    }

    private Ledger.State standbyCatchesUp() throws Exception {
        String question =
                "SELECT count(*) = %d FROM journal".formatted(ledger.last().number());
        try (Connection session = standby.connect()) {
            Cluster.await(session, question, "the standby has the primary's last commit");
            return Ledger.read(session);
        }
    }

    /** Each poll that ended in doubt has a line of the product's in the server's log. */
    private long failedPolls() throws IOException {
        try (Stream<String> lines = Files.lines(cluster.directory().resolve("log/standby.log"))) {
            return lines.filter(line -> line.contains("TM-ARC-015")).count();
        }
    }
}
