package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A running cluster with a tablespace and a pg_wal on file systems of their own: links, as administrators make them. */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TablespacesTest {
    private static final long SEED = 17_010;

    private final Cluster cluster;
    private final Ledger ledger = new Ledger(SEED);
    private final Path tablespace;
    private final Path wal;
    private String online = "";
    private String stopped = "";

    TablespacesTest(Lab lab) {
        cluster = Cluster.of(lab);
        tablespace = cluster.newDirectory("fast disk, 100%");
        wal = cluster.newDirectory("wal");
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        cluster.initRepositories();
        PostgresServer server = cluster.newServer(Map.of(), "--waldir=" + wal, "--wal-segsize=1");
        server.start();
        try (Connection session = server.connect()) {
            Cluster.execute(session, "CREATE TABLESPACE fast LOCATION '" + tablespace + "'");
            ledger.create(session);
            Cluster.execute(session, "ALTER TABLE account SET TABLESPACE fast");
            Cluster.execute(session, "ALTER INDEX account_pkey SET TABLESPACE fast");
            ledger.write(session, 60);
        }
        online = Cluster.label(cluster.backup(server));
        try (Connection session = server.connect()) {
            ledger.write(session, 60);
            Cluster.archiveEverything(session);
        }
        server.stop();
        stopped = Cluster.label(cluster.backup());
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    /** PostgreSQL's protocol does not say that pg_wal is a link: it becomes a directory. */
    @Test
    void t44_restoreOfAnOnlineBackup_goesWhereItIsMapped() throws Exception {
        Path otherTablespace = cluster.newDirectory("another disk");

        PostgresServer restored =
                comesBack(otherTablespace, "--backup", online, "--tablespace-map", tablespace + "=" + otherTablespace);

        assertThat(restored.dataDirectory().resolve("pg_wal").toRealPath())
                .isEqualTo(restored.dataDirectory().toRealPath().resolve("pg_wal"));
        cluster.destroy(restored);
    }

    @Test
    void t44_restoreOfAStoppedDirectory_goesWhereItIsMapped() throws Exception {
        Path otherTablespace = cluster.newDirectory("other disk");
        Path otherWal = cluster.newDirectory("other wal");

        PostgresServer restored = comesBack(
                otherTablespace,
                "--backup",
                stopped,
                "--tablespace-map",
                tablespace + "=" + otherTablespace,
                "--tablespace-map",
                wal + "=" + otherWal);

        assertThat(restored.dataDirectory().resolve("pg_wal").toRealPath()).isEqualTo(otherWal);
        cluster.destroy(restored);
    }

    private PostgresServer comesBack(Path otherTablespace, String... arguments) throws Exception {
        long before = ScratchDirectory.sizeBytes(tablespace);
        PostgresServer restored = cluster.restore("restored", arguments);
        restored.start();

        try (Connection session = restored.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
            assertThat(Cluster.text(
                            session, "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'fast'"))
                    .isEqualTo(otherTablespace.toString());
        }
        assertThat(ScratchDirectory.sizeBytes(tablespace))
                .as("the origin's tablespace")
                .isEqualTo(before);
        return restored;
    }

    @Test
    void t45_restoreOverTheOriginsTablespace_isRefused() {
        assertThat(cluster.startRestore("refused", "--latest")
                        .outcome(java.time.Duration.ofMinutes(1))
                        .exit())
                .isEqualTo(8);
        assertThat(Files.exists(cluster.directory().resolve("refused/PG_VERSION")))
                .isFalse();
    }
}
