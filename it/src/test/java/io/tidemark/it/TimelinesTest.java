package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster that was restored to a point, promoted, and went on archiving in the origin's place: two timelines in one
 * repository, from one backup.
 *
 * <pre>
 *   1  ---- backup ---- commit 80 ---- commit 120
 *                           \
 *   2                        ---- commit 81' ---- commit 110'
 * </pre>
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TimelinesTest {
    private static final long SEED = 17_006;

    private final Cluster cluster;
    private final Ledger first = new Ledger(SEED);
    private Ledger second = first;

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
        server.stop();
        cluster.backup();
        server.start();
        try (Connection session = server.connect()) {
            first.write(session, 30);
            Cluster.text(session, "SELECT pg_create_restore_point('fork')");
            first.write(session, 40);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(server);

        PostgresServer promoted = cluster.restore("data", "--same-cluster", "--name", "fork", "--action", "promote");
        promoted.start();
        try (Connection session = promoted.connect()) {
            Cluster.awaitPromotion(session);
            second = first.branchAt(80, SEED + 1);
            second.adopt(session);
            second.write(session, 30);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(promoted);
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    void latest_afterAPromotion_followsTheNewTimeline() throws Exception {
        assertThat(restoredTo("second", "--latest")).isEqualTo(second.last().state());
    }

    @Test
    void latest_onTheFirstTimeline_isWhatTheLostServerHad() throws Exception {
        assertThat(restoredTo("first", "--latest", "--timeline", "1"))
                .isEqualTo(first.last().state());
    }

    @Test
    void xid_onTheNewTimeline_isThatServersTransaction() throws Exception {
        Ledger.Commit target = second.commit(95);

        assertThat(restoredTo("xid", "--xid", target.xid(), "--timeline", "2", "--action", "promote"))
                .isEqualTo(target.state());
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
