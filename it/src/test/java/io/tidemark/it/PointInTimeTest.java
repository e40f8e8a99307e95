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
 * Every kind of target, on PostgreSQL 17: the restored server holds exactly what the log says that the target includes,
 * not a commit more or less, and is sound by amcheck.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PointInTimeTest {
    private static final long SEED = 17_001;

    private final Ledger ledger = new Ledger(SEED);
    private final Cluster cluster;
    private Ledger.Commit atBackup;
    private Ledger.Commit target;
    private int restored;

    PointInTimeTest(Lab lab) {
        cluster = Cluster.of(lab);
    }

    /** Backup after 100 commits; the target is commit 180, in the middle of a segment; 260 commits in the archive. */
    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        cluster.initRepositories();
        PostgresServer server = cluster.newServer(Map.of());
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            atBackup = ledger.write(session, 100);
        }
        server.stop();
        cluster.backup();
        server.start();
        try (Connection session = server.connect()) {
            ledger.write(session, 40);
            Cluster.archiveEverything(session);
            target = ledger.write(session, 40);
            Cluster.text(session, "SELECT pg_create_restore_point('here')");
            ledger.write(session, 40);
            Cluster.archiveEverything(session);
            ledger.write(session, 40);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(server);
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    void name_stopsAtTheRestorePoint() throws Exception {
        assertThat(restoredTo("--name", "here")).isEqualTo(target.state());
    }

    @Test
    void time_includesTheCommitOfThatTime() throws Exception {
        assertThat(restoredTo("--time", target.time())).isEqualTo(target.state());
    }

    @Test
    void time_exclusive_leavesTheCommitOfThatTimeOut() throws Exception {
        assertThat(restoredTo("--time", target.time(), "--exclusive"))
                .isEqualTo(ledger.stateAfter(target.number() - 1));
    }

    @Test
    void lsn_stopsBehindTheCommitThatWasFlushedThere() throws Exception {
        assertThat(restoredTo("--lsn", target.flushed(), "--exclusive")).isEqualTo(target.state());
    }

    @Test
    void xid_includesThatTransaction() throws Exception {
        assertThat(restoredTo("--xid", target.xid())).isEqualTo(target.state());
    }

    @Test
    void immediate_isTheBackup() throws Exception {
        assertThat(restoredTo("--immediate")).isEqualTo(atBackup.state());
    }

    @Test
    void latest_isTheEndOfTheArchive() throws Exception {
        assertThat(restoredTo("--latest")).isEqualTo(ledger.last().state());
    }

    private Ledger.State restoredTo(String... arguments) throws Exception {
        restored++;
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--action";
        all[arguments.length + 1] = "promote";
        PostgresServer server = cluster.restore("restored-" + restored, all);
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
