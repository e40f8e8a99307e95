package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Memory is bounded by configuration, not by the segment (invariant 8): the launcher's heap of 96 MiB for archive-push
 * and archive-get does for the largest segment that PostgreSQL can have, 1 GB.
 */
@ExtendWith(Lab.Provided.class)
final class LargeSegmentsTest {
    private static final int MEBIBYTES = Effort.atLeast(100) ? 1024 : 64;

    private final Lab lab;

    LargeSegmentsTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void t25_largeSegment_isPushedAndFetchedInTheHeapForSmallOnes() throws IOException, SQLException {
        System.out.println("segments of " + MEBIBYTES + " MiB");
        try (Cluster cluster = Cluster.of(lab)) {
            cluster.initRepositories();
            PostgresServer server = cluster.newServer(Map.of("archive_command", "false"), "--wal-segsize=" + MEBIBYTES);
            server.start();
            String segment = fill(server);
            server.stop();
            Product product = cluster.product().in(server.dataDirectory());
            Path original = server.dataDirectory().resolve("pg_wal").resolve(segment);

            Programs.Outcome push = product.run("archive-push", "pg_wal/" + segment);
            Programs.Outcome get = product.run("archive-get", segment, "pg_wal/RECOVERYXLOG");

            assertThat(push.exit()).as(push.said()).isZero();
            assertThat(get.exit()).as(get.said()).isZero();
            assertThat(Files.size(original)).isEqualTo((long) MEBIBYTES << 20);
            assertThat(Files.size(cluster.lastSegment("local")))
                    .as("what was stored does not compress away")
                    .isGreaterThan((long) MEBIBYTES << 18);
            assertThat(Files.mismatch(original, original.resolveSibling("RECOVERYXLOG")))
                    .isEqualTo(-1);
            System.out.println("push took " + push.took() + ", get " + get.took());
        }
    }

    /** The name of a segment that is full of what does not compress well. */
    private static String fill(PostgresServer server) throws SQLException {
        try (Connection session = server.connect()) {
            String segment = Cluster.text(session, "SELECT pg_walfile_name(pg_current_wal_lsn())");
            Cluster.execute(session, "CREATE TABLE bulk (content bytea)");
            Cluster.execute(session, "ALTER TABLE bulk ALTER content SET STORAGE EXTERNAL");
            while (Cluster.text(session, "SELECT pg_walfile_name(pg_current_wal_lsn())")
                    .equals(segment)) {
                Cluster.execute(
                        session,
                        "INSERT INTO bulk SELECT string_agg(uuid_send(gen_random_uuid()), '') FROM generate_series(1, 640000) i"
                                + " GROUP BY i / 128");
            }
            return segment;
        }
    }
}
