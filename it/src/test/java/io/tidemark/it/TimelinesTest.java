package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster that was restored to a point, promoted, and went on archiving in the origin's place, twice: three timelines in one
 * repository, from two backups of running servers.
 *
 * <pre>
 *   1  ---- backup ---- commit 80 ---- commit 120
 *                           \
 *   2                        ---- commit 81' ---- backup ---- commit 110'
 *                                                                 \
 *   3                                                              ---- commit 111"
 * </pre>
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TimelinesTest {
    private static final long SEED = 17_006;

    private final Cluster cluster;
    private final Ledger first = new Ledger(SEED);
    private Ledger second = first;
    private Ledger third = first;

    TimelinesTest(Lab lab) {
        cluster = Cluster.of(lab);
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        cluster.initRepositories();
        PostgresServer server = cluster.newServer(Map.of());
        server.start();
        try (Connection session = server.connect()) {
            first.create(session);
            first.write(session, 50);
        }
        cluster.backup(server);
        try (Connection session = server.connect()) {
            first.write(session, 30);
            Cluster.text(session, "SELECT pg_create_restore_point('fork')");
            first.write(session, 40);
            Cluster.archiveEverything(session);
        }
        server.stop();
        Files.move(server.dataDirectory(), cluster.directory().resolve("old"));

        PostgresServer promoted = cluster.restore("data", "--same-cluster", "--name", "fork", "--action", "promote");
        promoted.start();
        try (Connection session = promoted.connect()) {
            Cluster.awaitPromotion(session);
            second = first.branchAt(80, SEED + 1);
            second.adopt(session);
            second.write(session, 15);
        }
        cluster.backup(promoted);
        try (Connection session = promoted.connect()) {
            second.write(session, 15);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(promoted);

        PostgresServer again = cluster.restore("data", "--same-cluster", "--latest");
        again.start();
        try (Connection session = again.connect()) {
            Cluster.awaitPromotion(session);
            third = second.branchAt(110, SEED + 2);
            third.adopt(session);
            third.write(session, 10);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(again);
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    void latest_afterTwoPromotions_followsTheNewestTimeline() throws Exception {
        assertThat(restoredTo("third", "--latest")).isEqualTo(third.last().state());
    }

    @Test
    void latest_onTheFirstTimeline_isWhatTheLostServerHad() throws Exception {
        assertThat(restoredTo("first", "--latest", "--timeline", "1"))
                .isEqualTo(first.last().state());
    }

    @Test
    void xid_onTheNewTimeline_isThatServersTransaction() throws Exception {
        Ledger.Commit target = second.commit(105);

        assertThat(restoredTo("xid", "--xid", target.xid(), "--timeline", "2", "--action", "promote"))
                .isEqualTo(target.state());
    }

    /** The old primary comes up again beside the new one and goes on: its backups would be of a history that was left. */
    @Test
    void backup_ofADivergedOldPrimary_isRefusedAndCanBeInsistedOn() throws Exception {
        PostgresServer old = cluster.serverOn("old");
        old.start();
        try (Connection session = old.connect()) {
            Cluster.execute(session, "CREATE TABLE left_behind AS SELECT generate_series(1, 1000)");
        }

        Programs.Outcome refused =
                cluster.startBackup(old, "--set", "cluster.prod.node=old").outcome(Duration.ofMinutes(2));
        Programs.Outcome insisted = cluster.startBackup(old, "--set", "cluster.prod.node=old", "--timeline", "1")
                .outcome(Duration.ofMinutes(2));

        assertThat(refused.exit()).as(refused.said()).isEqualTo(8);
        assertThat(refused.errors()).contains("is a diverged old primary", "timeline 2 left that timeline");
        assertThat(insisted.exit()).as(insisted.said()).isZero();
        cluster.destroy(old);
    }

    private Ledger.State restoredTo(String directory, String... arguments) throws Exception {
        PostgresServer server = cluster.restore(directory, arguments);
        server.start();
        try (Connection session = server.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            return Ledger.read(session);
        } finally {
            cluster.destroy(server);
        }
    }
}
