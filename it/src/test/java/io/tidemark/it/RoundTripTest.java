package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The main job, start to end, on each major version and with the smallest and a large WAL segment size, from a backup of the running
 * server, and once from one of its stopped directory.
 */
@ExtendWith(Lab.Provided.class)
final class RoundTripTest {
    private static final long SEED = 17_002;

    private final Lab lab;

    RoundTripTest(Lab lab) {
        this.lab = lab;
    }

    /** How the backup is taken. */
    enum Way {
        ONLINE,
        STOPPED
    }

    /** At effort 100 each version has every segment size. */
    static List<Arguments> clusters() {
        List<Arguments> all = new ArrayList<>(List.of(
                Arguments.of(17, 1, Way.STOPPED),
                Arguments.of(17, 1, Way.ONLINE),
                Arguments.of(17, 64, Way.ONLINE),
                Arguments.of(15, 16, Way.ONLINE),
                Arguments.of(16, 16, Way.ONLINE),
                Arguments.of(18, 16, Way.ONLINE)));
        if (Effort.atLeast(100)) {
            for (int major : new int[] {15, 16, 18}) {
                all.add(Arguments.of(major, 1, Way.ONLINE));
                all.add(Arguments.of(major, 64, Way.ONLINE));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "PostgreSQL {0}, segments of {1} MB, {2}")
    @MethodSource("clusters")
    void cluster_archivedAndDestroyed_comesBackToItsLastCommit(int major, int segmentMegabytes, Way way)
            throws Exception {
        System.out.println("seed " + SEED);
        Ledger ledger = new Ledger(SEED);
        try (Cluster cluster = new Cluster(lab, major, List.of("local"))) {
            cluster.initRepositories();
            PostgresServer server = cluster.newServer(Map.of(), "--wal-segsize=" + segmentMegabytes);
            server.start();
            try (Connection session = server.connect()) {
                ledger.create(session);
                ledger.write(session, 60);
            }
            backup(cluster, server, way, ledger);
            try (Connection session = server.connect()) {
                ledger.write(session, 120);
                Cluster.archiveEverything(session);
                ledger.write(session, 20);
                Cluster.archiveEverything(session);
            }
            cluster.destroy(server);

            PostgresServer restored = cluster.restore("restored", "--latest", "--action", "promote");
            restored.start();

            try (Connection session = restored.connect()) {
                Cluster.awaitPromotion(session);
                assertThat(Cluster.text(session, "SHOW wal_segment_size")).isEqualTo(segmentMegabytes + "MB");
                Soundness.check(session);
                assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
            }
        }
    }

    private static void backup(Cluster cluster, PostgresServer server, Way way, Ledger ledger) throws Exception {
        if (way == Way.STOPPED) {
            server.stop();
            cluster.backup();
            server.start();
            return;
        }
        try (Churn churn = Churn.on(server, ledger, SEED)) {
            cluster.backup(server);
        }
    }
}
