package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two repositories, one of them optional: archiving waits for the required one only, a restore needs one, and a copy fills the
 * other again. */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OptionalRepositoryTest {
    private static final long SEED = 17_009;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int KILLS = Effort.scaled(3, 200);

    private final Cluster cluster;
    private final Ledger ledger = new Ledger(SEED);
    private PostgresServer server;

    OptionalRepositoryTest(Lab lab) {
        cluster = new Cluster(lab, 17, List.of("near", "far?"));
        server = cluster.serverOn("data");
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        cluster.initRepositories();
        server = cluster.newServer(Map.of(), "--wal-segsize=1");
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            ledger.write(session, 20);
        }
        server.stop();
        cluster.backup();
        server.start();
        try (Connection session = server.connect()) {
            ledger.write(session, 10);
            Cluster.archiveEverything(session);
        }
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    @Order(1)
    void optionalRepositoryAway_archivingGoesOnAndInfoNamesTheLag() throws Exception {
        Path far = cluster.repository("far");
        Path aside = far.resolveSibling("aside");
        Files.move(far, aside);
        try (Connection session = server.connect()) {
            ledger.write(session, 10);
            Cluster.archiveEverything(session);
        } finally {
            Files.move(aside, far);
        }

        assertThat(cluster.lastSegment("near").getFileName())
                .isNotEqualTo(cluster.lastSegment("far").getFileName());
        assertThat(cluster.run("info").said()).contains("far").containsIgnoringCase("behind");
    }

    @Test
    @Order(2)
    void requiredRepositoryAway_archivingWaitsAndGoesOnWhenItIsBack() throws Exception {
        Path near = cluster.repository("near");
        Path aside = near.resolveSibling("aside");
        try (Connection session = server.connect()) {
            Files.move(near, aside);
            try {
                ledger.write(session, 10);
                Cluster.text(session, "SELECT pg_switch_wal()");
                Cluster.await(session, "SELECT failed_count > 0 FROM pg_stat_archiver", "archiving fails");
            } finally {
                Files.move(aside, near);
            }
            Cluster.archiveEverything(session);
        }
    }

    /** The disk of one was exchanged; what it had comes back from the other, whatever interrupts that. */
    @Test
    @Order(3)
    void copy_killedAnywhere_goesOnUntilTheRepositoryHasEverything() throws Exception {
        Random random = new Random(SEED);
        Duration whole = cluster.run("copy", "--to", "far", "--dry-run").took();
        loseAllOfFar();
        for (int i = 0; i < KILLS; i++) {
            Programs.Running copying = cluster.product().start("copy", "--to", "far");
            if (!copying.endsWithin(Duration.ofMillis(random.nextLong(1, whole.toMillis() * 3 / 2)))) {
                copying.killNow();
            }
            copying.outcome(LIMIT);
        }

        cluster.run("copy", "--to", "far", "--from", "near");

        assertThat(names("far")).isEqualTo(names("near"));
        assertThat(cluster.run("copy", "--to", "far", "--json").said())
                .contains("\"objects\":0,", "\"problemCount\":0");
    }

    private void loseAllOfFar() throws IOException {
        try (Stream<Path> roots = Files.list(cluster.repository("far").resolve("prod"))) {
            for (Path root : roots.toList()) {
                if (root.getFileName().toString().matches("[0-9]+")) {
                    ScratchDirectory.delete(root);
                }
            }
        }
    }

    /** Of WAL, packs and manifests; an intent says only that something was under way. */
    private SortedSet<String> names(String repository) throws IOException {
        Path root = cluster.repository(repository).resolve("prod");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> name.matches("[0-9].*") && !name.contains("/intent/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    @Order(4)
    void restore_withTheOptionalRepositoryAway_comesFromTheOther() throws Exception {
        cluster.destroy(server);
        Path far = cluster.repository("far");
        Path aside = far.resolveSibling("aside");
        Files.move(far, aside);
        try {
            PostgresServer restored = cluster.restore("restored", "--latest");
            restored.start();
            try (Connection session = restored.connect()) {
                Cluster.awaitPromotion(session);
                Soundness.check(session);
                assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
            }
        } finally {
            Files.move(aside, far);
        }
    }

    @Test
    @Order(5)
    void restore_fromTheFilledRepositoryAlone_isTheSameCluster() throws Exception {
        Path near = cluster.repository("near");
        Path aside = near.resolveSibling("aside");
        Files.move(near, aside);
        try {
            PostgresServer restored = cluster.restore("refilled", "--latest");
            restored.start();
            try (Connection session = restored.connect()) {
                Cluster.awaitPromotion(session);
                assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
            }
        } finally {
            Files.move(aside, near);
        }
    }

    /** Its root is gone while files are being written; the pace leaves time for that. */
    @Test
    @Order(6)
    void restore_whoseRepositoryVanishesOnTheWay_endsFromTheOtherByItsOwnPlan() throws Exception {
        Path near = cluster.repository("near");
        Path aside = near.resolveSibling("aside");
        Path marker = cluster.directory().resolve("moved/tidemark.restore");
        Programs.Running restoring =
                cluster.startRestore("moved", "--latest", "--action", "promote", "--set", "limits.download=1MiB");
        while (!Files.exists(marker) && !restoring.endsWithin(Duration.ofMillis(20))) {
            // until files are written
        }
        Files.move(near, aside);
        try {
            Programs.Outcome outcome = restoring.outcome(LIMIT);

            assertThat(outcome.succeeded()).as(outcome.said()).isTrue();
            assertThat(outcome.said()).contains("TM-RES-001", "TM-RES-002", "repository \"near\" failed in the middle");
            PostgresServer moved = cluster.serverOn("moved");
            assertThat(Files.readString(moved.dataDirectory().resolve("postgresql.auto.conf")))
                    .contains("--repository far")
                    .doesNotContain("--repository near");
            moved.start();
            try (Connection session = moved.connect()) {
                Cluster.awaitPromotion(session);
                Soundness.check(session);
                assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
            }
        } finally {
            Files.move(aside, near);
        }
    }
}
