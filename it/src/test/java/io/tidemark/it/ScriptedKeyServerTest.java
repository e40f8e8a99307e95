package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster whose only daily key is at a KMIP server: it is made there, archives and is restored with nothing else, waits
 * while the server is away, and comes back by the recovery key alone.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ScriptedKeyServerTest {
    private static final long SEED = 17_013;
    private static final String KEY = "tidemark-prod";

    private final Cluster cluster;
    private final ScriptedKms kms = new ScriptedKms(Dialect.COSMIAN);
    private final Ledger ledger = new Ledger(SEED);
    private ScriptedKmipServer server;
    private PostgresServer postgres;

    ScriptedKeyServerTest(Lab lab) {
        cluster = Cluster.of(lab);
    }

    @BeforeAll
    void make(@TempDir Path shared) throws IOException {
        System.out.println("seed " + SEED);
        Pki pki = Pki.in(shared);
        server = ScriptedKmipServer.start(pki, ServerTls.good(), kms);
        for (String file : new String[] {"client-alice.crt", "client-alice.key", "ca.crt"}) {
            cluster.newFile(file, Files.readAllBytes(pki.file(file)));
        }
        String recovery = cluster.directory().resolve("safe/recovery.key").toString();
        cluster.withKeys(keys("get"));
        cluster.run("keys", "recovery-key", "--out", recovery);
    }

    /** The quoted word is one that the launcher overlooks, so that the program has to ask for more libraries. */
    private String keys(String how) {
        return """
                keys:
                  provider:
                    kms:
                      "kmip":
                        hosts: [ "localhost:%d" ]
                        certificate: %2$s/client-alice.crt
                        key: %2$s/client-alice.key
                        trust: %2$s/ca.crt
                        request-timeout: 5s
                        deadline: 10s
                  recipients:
                    - { provider: kms, key: %3$s, how: %4$s }
                    - { recovery: %2$s/safe/recovery.key.pub }
                """.formatted(server.port(), cluster.directory(), KEY, how);
    }

    @AfterAll
    void strike() {
        cluster.close();
        server.close();
    }

    @Test
    @Order(1)
    void td2_init_hasTheKeyMadeAndActivated_andTheSecondRunLeavesIt() {
        cluster.initRepositories("--create-keys");
        cluster.run("init", "--create-keys");

        assertThat(kms.named(KEY))
                .singleElement()
                .satisfies(id -> assertThat(kms.state(id)).isEqualTo(State.ACTIVE));
        assertThat(cluster.run("keys", "status").said())
                .contains("kmip key \"" + KEY + "\"")
                .contains(kms.named(KEY).get(0));
        assertThat(cluster.product().run("check").said()).contains("key \"" + KEY + "\"");
    }

    @Test
    @Order(2)
    void td9_archivingAndRestoring_needNothingButTheServer() throws Exception {
        postgres = cluster.newServer(Map.of());
        postgres.start();
        try (Connection session = postgres.connect()) {
            ledger.create(session);
            ledger.write(session, 40);
            cluster.backup(postgres);
            ledger.write(session, 40);
            Cluster.archiveEverything(session);
        }

        assertThat(restored("by-the-server")).isEqualTo(ledger.last().state());
    }

    @Test
    @Order(3)
    void t53_t54_serverAway_isExit5InWords_andNothingIsLost() throws Exception {
        try (Connection session = postgres.connect()) {
            server.kill();
            ledger.write(session, 20);
            Cluster.text(session, "SELECT pg_switch_wal()");
            Cluster.await(session, "SELECT failed_count > 0 FROM pg_stat_archiver", "archiving fails");

            String segment = Cluster.text(session, "SELECT last_failed_wal FROM pg_stat_archiver");
            Programs.Outcome push =
                    cluster.product().run("archive-push", cluster.directory() + "/data/pg_wal/" + segment);
            assertThat(push.exit()).as(push.said()).isEqualTo(5);
            assertThat(push.said()).contains("localhost:" + server.port()).contains("it is not lost");
            assertThat(cluster.product().run("info").exit()).isEqualTo(5);

            server.start();
            Cluster.archiveEverything(session);
        }

        assertThat(restored("after-the-outage")).isEqualTo(ledger.last().state());
        assertThat(kms.named(KEY)).hasSize(1);
    }

    @Test
    @Order(4)
    void keyThatMayNotLeaveItsServer_opensByTheServersOwnDecryption() throws Exception {
        cluster.withKeys(keys("encrypt"));
        cluster.run("keys", "rotate");
        assertThat(cluster.product().run("check").said()).contains("encrypts and decrypts at its server");
        try (Connection session = postgres.connect()) {
            ledger.write(session, 20);
            Cluster.archiveEverything(session);
        }

        kms.keepInside(kms.named(KEY).get(0));

        assertThat(restored("inside")).isEqualTo(ledger.last().state());
    }

    @Test
    @Order(5)
    void t60_k5_keyDestroyed_theRecoveryKeyAloneOpensTheRepository() throws Exception {
        cluster.destroy(postgres);
        kms.put(kms.named(KEY).get(0), State.DESTROYED);
        assertThat(cluster.product().run("info").exit()).isEqualTo(5);

        cluster.withKeys("keys: { recovery-key: %s/safe/recovery.key }%n".formatted(cluster.directory()));

        assertThat(restored("by-the-recovery-key")).isEqualTo(ledger.last().state());
    }

    private Ledger.State restored(String data) throws Exception {
        PostgresServer restored = cluster.restore(data, "--latest", "--action", "promote");
        restored.start();
        try (Connection session = restored.connect()) {
            Cluster.awaitPromotion(session);
            return Ledger.read(session);
        } finally {
            cluster.destroy(restored);
        }
    }
}
