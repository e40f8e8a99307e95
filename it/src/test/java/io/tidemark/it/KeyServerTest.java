package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.kmip.PyKmip;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster whose repository is opened by a key at a key server: while that is away archiving waits and recovery does not end early
 * (invariants 3 and 4), and afterwards both go on; without it the recovery key still brings everything back.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KeyServerTest {
    private static final long SEED = 17_013;
    private static final String KEY = "tidemark-it";
    private static final int KEYS = 5;
    private static final int DOUBT = 205;

    private final Lab lab;
    private final Ledger ledger = new Ledger(SEED);
    private PyKmip kms;
    private Cluster cluster;
    private PostgresServer server;
    private String recovery;

    KeyServerTest(Lab lab) {
        this.lab = lab;
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        kms = PyKmip.startedIn(lab.scratch().readable(lab.nextName()));
        cluster = Cluster.of(lab).withKeyAt(kms, "alice", KEY);
        recovery = cluster.directory().resolve("safe/recovery.key").toString();
        cluster.run("keys", "recovery-key", "--out", recovery);
        cluster.initRepositories("--create-keys", "--set", "keys.recipients.1.recovery=" + recovery + ".pub");
        server = cluster.newServer(Map.of());
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            ledger.write(session, 40);
            cluster.backup(server);
            ledger.write(session, 40);
            Cluster.archiveEverything(session);
        }
    }

    @AfterAll
    void strike() {
        if (cluster != null) {
            cluster.close();
        }
        if (kms != null) {
            kms.close();
        }
    }

    @Test
    @Order(1)
    void theKeysetIsOpened_byTheKeyThatInitHadMade() {
        assertThat(cluster.run("keys", "status").said()).contains("kms", KEY);
        assertThat(cluster.run("kmip", "query").said()).contains("127.0.0.1:" + kms.port(), "1.4", "alice");
        assertThat(cluster.run("kmip", "get", "--name", KEY).said()).contains(KEY, "check value");
    }

    @Test
    @Order(2)
    void t53_theServerIsKilled_archivingWaits_recoveryDoubts_andBothGoOnWhenItIsBack() throws Exception {
        Product here = cluster.product().in(server.dataDirectory());
        Path destination = server.dataDirectory().resolve("pg_wal/RECOVERYXLOG");
        String archived = lastArchived();
        try (Connection session = server.connect()) {
            int failed = Integer.parseInt(Cluster.text(session, "SELECT failed_count FROM pg_stat_archiver"));
            kms.kill();
            ledger.write(session, 20);
            String waiting = Cluster.text(session, "SELECT pg_walfile_name(pg_switch_wal())");
            Cluster.await(
                    session,
                    "SELECT failed_count > %d FROM pg_stat_archiver".formatted(failed),
                    "archive_command fails without the key server");

            Programs.Outcome push = here.run("archive-push", "pg_wal/" + waiting);
            assertThat(push.exit()).as(push.said()).isEqualTo(KEYS);
            assertThat(push.errors()).contains("127.0.0.1:" + kms.port());
            for (String asked : new String[] {archived, waiting, "0000000100000000000000FF", "00000002.history"}) {
                Programs.Outcome get = here.run("archive-get", asked, "pg_wal/RECOVERYXLOG");
                assertThat(get.exit()).as(asked + ": " + get.said()).isEqualTo(DOUBT);
                assertThat(destination).doesNotExist();
            }
            assertThat(lastArchived()).isEqualTo(archived);

            kms.start();
            ledger.write(session, 20);
            Cluster.archiveEverything(session);
        }
        assertThat(here.run("archive-get", archived, "pg_wal/RECOVERYXLOG").exit())
                .isZero();
        assertThat(here.run("archive-get", "0000000100000000000000FF", "pg_wal/RECOVERYXLOG")
                        .exit())
                .isEqualTo(1);
        Files.delete(destination);
    }

    @Test
    @Order(3)
    void anotherMachine_withTheConfigurationTheCertificateAndTheServer_bringsTheClusterBack() throws Exception {
        Path data = cluster.newDirectory("elsewhere");

        Product elsewhere = machine("elsewhere", cluster.keys());
        Programs.Outcome restored =
                elsewhere.run("restore", "--to", data.toString(), "--latest", "--action", "promote");

        assertThat(restored.exit()).as(restored.said()).isZero();
        assertThat(opened(cluster.serverOn("elsewhere")))
                .isEqualTo(ledger.last().state());
    }

    @Test
    @Order(4)
    void aClientOfAnotherName_doesNotOpenTheRepository() throws Exception {
        given("bob.crt", "client-bob.crt");
        given("bob.key", "client-bob.key");
        Product bob =
                machine("bobs", cluster.keys().replace("client.crt", "bob.crt").replace("client.key", "bob.key"));

        Programs.Outcome refused =
                bob.run("restore", "--to", cluster.newDirectory("bobs").toString(), "--latest");

        assertThat(refused.exit()).as(refused.said()).isEqualTo(KEYS);
        assertThat(refused.errors()).contains(KEY);
    }

    @Test
    @Order(5)
    void k5_theServerIsGone_theRecoveryKeyAloneBringsTheClusterBack() throws Exception {
        kms.kill();
        Path data = cluster.newDirectory("recovered");
        Programs.Outcome refused =
                machine("without", cluster.keys()).run("restore", "--to", data.toString(), "--latest");
        assertThat(refused.exit()).as(refused.said()).isEqualTo(KEYS);
        assertThat(data).isEmptyDirectory();

        Product safe = machine("safe", "keys:\n  recovery-key: %s\n".formatted(recovery));
        Programs.Outcome restored = safe.run("restore", "--to", data.toString(), "--latest", "--action", "promote");

        assertThat(restored.exit()).as(restored.said()).isZero();
        assertThat(opened(cluster.serverOn("recovered")))
                .isEqualTo(ledger.last().state());
    }

    /** Tidemark on a machine that has the repository, the root and these keys, and remembers nothing. */
    private Product machine(String what, String keys) {
        return cluster.productWith(
                what + ".yaml",
                "cluster:\n  prod: { root: %s }\nrepository:\n  local: { directory: %s }\n%s  memory: %s\narchive-get: { patience: 2s }\n"
                        .formatted(
                                cluster.root(),
                                cluster.repository("local"),
                                keys,
                                cluster.newDirectory("memory-of-" + what)));
    }

    /** A file of the clients' beside the configuration. */
    private void given(String file, String theirs) throws IOException {
        Path place = lab.scratch().root().relativize(cluster.directory().resolve(file));
        lab.scratch().givenFile(place.toString(), Files.readAllBytes(kms.pki().file(theirs)));
    }

    private String lastArchived() throws IOException {
        try (Stream<Path> files = Files.walk(cluster.repository("local"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9A-F]{24}"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private Ledger.State opened(PostgresServer restored) throws Exception {
        restored.start();
        try (Connection session = restored.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            return Ledger.read(session);
        } finally {
            cluster.destroy(restored);
        }
    }
}
