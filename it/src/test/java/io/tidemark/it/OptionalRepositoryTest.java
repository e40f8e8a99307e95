package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two repositories, one of them optional: archiving waits for the required one only, and a restore needs one. */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OptionalRepositoryTest {
    private static final long SEED = 17_009;

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

    @Test
    @Order(3)
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
}
