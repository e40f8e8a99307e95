package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.postgres.PageChecksum;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Memory is bounded by configuration, not by the cluster (invariant 8): a heap of 128 MiB does for any. */
@ExtendWith(Lab.Provided.class)
final class MemoryTest {
    private static final long SEED = 20_261_127;
    private static final String HEAP = "-Xmx128m";
    private static final Duration LIMIT = Duration.ofMinutes(Effort.scaled(5, 60));
    private static final int MEBIBYTES = Effort.scaled(500, 5000);
    private static final int FILE_MEBIBYTES = 50;
    private static final int RELATIONS = Effort.scaled(30_000, 300_000);

    private final Lab lab;

    MemoryTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void backupAndRestore_inAHeapOf128MiB_takeAClusterOfAnySize() throws IOException {
        System.out.println("seed " + SEED + ", " + MEBIBYTES + " MiB and " + RELATIONS + " relations");
        try (Cluster cluster = Cluster.of(lab)) {
            cluster.initRepositories();
            PostgresServer server = cluster.newServer(Map.of());
            Path data = server.dataDirectory();
            fill(cluster.newDirectory("data/log"));
            relations(data.resolve("base/5"));
            server.start();

            Programs.Outcome backup = inLittleMemory(
                    cluster,
                    "backup",
                    "--checkpoint",
                    "fast",
                    "--set",
                    "cluster.prod.connection=" + cluster.connection(server));
            Path copy = cluster.newDirectory("copy");
            Programs.Outcome restore = inLittleMemory(
                    cluster, "restore", "--to", copy.toString(), "--immediate", "--same-cluster", "--json");

            assertThat(backup.exit()).as(backup.said()).isZero();
            assertThat(restore.exit()).as(restore.said()).isZero();
            for (String file : List.of("log/bulk.0", "log/bulk.3", "base/5/900017", "PG_VERSION")) {
                assertThat(Files.mismatch(data.resolve(file), copy.resolve(file)))
                        .as(file)
                        .isEqualTo(-1);
            }
            System.out.println("backup took " + backup.took() + ", restore " + restore.took());
        }
    }

    private Programs.Outcome inLittleMemory(Cluster cluster, String verb, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "TIDEMARK_JAVA_OPTS=" + HEAP,
                cluster.product().launcher().toString(),
                verb,
                "--config",
                cluster.product().configuration().toString()));
        command.addAll(List.of(arguments));
        return lab.programs().run(command, cluster.directory(), LIMIT);
    }

    /** Half-random bytes in large files, and many small ones. */
    private static void fill(Path directory) throws IOException {
        Random random = new Random(SEED);
        byte[] mebibyte = new byte[1 << 20];
        for (int file = 0; file * FILE_MEBIBYTES < MEBIBYTES; file++) {
            try (OutputStream out = Files.newOutputStream(directory.resolve("bulk." + file))) {
                for (int i = 0; i < FILE_MEBIBYTES; i++) {
                    random.nextBytes(mebibyte);
                    for (int at = 0; at < mebibyte.length; at += 2) {
                        mebibyte[at] = 7;
                    }
                    out.write(mebibyte);
                }
            }
        }
    }

    /** Files that a server takes for those of relations: it never opens them, and a backup reads and verifies their page. */
    private static void relations(Path database) throws IOException {
        byte[] page = new byte[8192];
        new Random(SEED).nextBytes(page);
        int checksum = new PageChecksum(page.length).of(page, 0, 0);
        page[8] = (byte) checksum;
        page[9] = (byte) (checksum >> 8);
        for (int i = 0; i < RELATIONS; i++) {
            Files.write(database.resolve(Integer.toString(900_000 + i)), page);
        }
    }
}
