package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A repository whose disk is full: nothing half written is ever seen, and what was refused goes in when there is room. */
@ExtendWith(Lab.Provided.class)
final class FullDiskTest {
    private final Lab lab;

    FullDiskTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void t111_fullRepository_refusesSegmentAndBackup_showsNothing_andTakesThemLater()
            throws IOException, InterruptedException, SQLException {
        try (Cluster cluster = Cluster.of(lab)) {
            Path disk = cluster.repository("local");
            assumeTrue(
                    succeeds("mount", "-t", "tmpfs", "-o", "size=512k,mode=777", "tidemark-test", disk.toString()),
                    "needs: mount, for which this is not root");
            try {
                refusedThenTaken(cluster, disk);
            } finally {
                assertThat(succeeds("umount", disk.toString())).isTrue();
            }
        }
    }

    private static void refusedThenTaken(Cluster cluster, Path disk)
            throws IOException, InterruptedException, SQLException {
        cluster.initRepositories();
        PostgresServer server = cluster.newServer(Map.of("archive_command", "false"));
        server.start();
        String segment = fill(server);
        server.stop();
        Product product = cluster.product().in(server.dataDirectory());
        String data = server.dataDirectory().toString();

        Programs.Outcome push = product.run("archive-push", "pg_wal/" + segment);
        Programs.Outcome backup = product.run("backup", "--from-directory", data);

        assertThat(push.exit()).as(push.said()).isEqualTo(6);
        assertThat(backup.exit()).as(backup.said()).isEqualTo(6);
        assertThat(filesIn(disk))
                .noneMatch(name -> name.equals(segment) || name.equals("manifest"))
                .noneMatch(name -> name.matches("[0-9a-f]{32}"));

        assertThat(succeeds("mount", "-o", "remount,size=256m", disk.toString()))
                .isTrue();

        Programs.Outcome pushed = product.run("archive-push", "pg_wal/" + segment);
        Programs.Outcome fetched = product.run("archive-get", segment, "pg_wal/RECOVERYXLOG");
        assertThat(pushed.exit()).as(pushed.said()).isZero();
        assertThat(fetched.exit()).as(fetched.said()).isZero();
        Files.delete(server.dataDirectory().resolve("pg_wal/RECOVERYXLOG"));
        cluster.backup();
        assertThat(filesIn(disk)).contains(segment, "manifest");
    }

    private static String fill(PostgresServer server) throws SQLException {
        try (Connection session = server.connect()) {
            Cluster.execute(session, "CREATE TABLE bulk AS SELECT gen_random_uuid() FROM generate_series(1, 50000)");
            return Cluster.text(session, "SELECT pg_walfile_name(pg_switch_wal())");
        }
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
