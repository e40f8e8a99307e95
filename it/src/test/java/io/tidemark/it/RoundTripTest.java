package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job, start to end, on each major version and with the smallest and a large WAL segment size. */
@ExtendWith(Lab.Provided.class)
final class RoundTripTest {
    private static final long SEED = 17_002;

    private final Lab lab;

    RoundTripTest(Lab lab) {
        this.lab = lab;
    }

    @ParameterizedTest(name = "PostgreSQL {0}, segments of {1} MB")
    @CsvSource({"17, 1", "17, 64", "15, 16", "16, 16", "18, 16"})
    void cluster_archivedAndDestroyed_comesBackToItsLastCommit(int major, int segmentMegabytes) throws Exception {
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
            server.stop();
            cluster.backup();
            server.start();
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
}
