package io.tidemark.pipeline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.testing.ScramServer;
import io.tidemark.pipeline.postgres.testing.ScriptedPostgres;
import io.tidemark.pipeline.postgres.testing.ServerBytes;
import io.tidemark.pipeline.postgres.testing.TestAuthority;
import io.tidemark.pipeline.postgres.testing.TestAuthority.Issued;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS against servers that are right, and against who stands between. Keys are made here and die here. */
final class TlsTest {
    private static final ClientUnderTest CLIENT = new ClientUnderTest();
    private static final TestAuthority AUTHORITY = new TestAuthority("ours");
    private static final TestAuthority STRANGER = new TestAuthority("theirs");
    private static final Issued LOCALHOST = AUTHORITY.issue("db", "localhost");

    @TempDir
    Path directory;

    @BeforeEach
    void write() {
        TestAuthority.pem(roots(), AUTHORITY.certificate());
    }

    @AfterAll
    static void end() {
        CLIENT.close();
    }

    private Path roots() {
        return directory.resolve("roots.pem");
    }

    private String conninfo(ScriptedPostgres server) {
        return "host=localhost hostaddr=127.0.0.1 port=" + server.port() + " user=me dbname=db sslrootcert=" + roots();
    }

    private static PostgresConnection connect(String conninfo) {
        return CLIENT.connect(conninfo, SessionMode.SQL, Map.of("PGPASSWORD", "secret"));
    }

    private static SSLSocket secure(ScriptedPostgres.Session session, Issued issued) throws Exception {
        session.expectSslRequest();
        session.send(new byte[] {'S'});
        return session.startTls(AUTHORITY.server(issued));
    }

    private static ScriptedPostgres.Script plus(Issued issued) {
        return session -> {
            secure(session, issued);
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"));
            new ScramServer("secret", 4096, TestAuthority.serverEndPoint(issued.certificate())).play(session);
            session.send(ServerBytes.welcome("17.4"));
            session.expectQuery();
            session.send(
                    ServerBytes.columns("a"),
                    ServerBytes.row("1"),
                    ServerBytes.complete("SELECT 1"),
                    ServerBytes.ready());
            session.expectEnd();
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sslmode=verify-full",
                "sslmode=verify-ca",
                "sslmode=require",
                "channel_binding=require",
                "ssl_min_protocol_version=TLSv1.3",
                "ssl_max_protocol_version=TLSv1.2"
            })
    void rightServer_isBelieved_andScramIsBoundToItsCertificate(String parameters) throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(plus(LOCALHOST))) {
            PostgresConnection connection = connect(conninfo(server) + " " + parameters);

            assertThat(ClientUnderTest.await(connection.query("select 1"))
                            .single()
                            .text("a"))
                    .isEqualTo("1");
            ClientUnderTest.await(connection.close());
            server.join();
        }
    }

    /** A whole backup through TLS, in records of any size. */
    @Test
    void baseBackup_overTls_arrivesWhole() throws Exception {
        byte[] content = new byte[300_000];
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            secure(session, LOCALHOST);
            session.welcome();
            session.expectQuery();
            session.sendByteByByte(ServerBytes.beforeData());
            session.send(ServerBytes.copyData('d', content), ServerBytes.afterData());
        })) {
            PostgresConnection connection = CLIENT.connect(conninfo(server), SessionMode.REPLICATION);

            Long bytes = ClientUnderTest.await(connection
                    .baseBackup(new BaseBackupCommand(
                            "x",
                            BaseBackupCommand.CheckpointMode.FAST,
                            null,
                            BaseBackupCommand.ManifestChecksums.CRC32C,
                            BaseBackupCommand.ServerVerification.OFF))
                    .map(message -> {
                        if (message instanceof BaseBackupMessage.Data data) {
                            long size = data.data().readableBytes();
                            data.data().release();
                            return size;
                        }
                        return 0L;
                    })
                    .reduce(0L, Long::sum));
            assertThat(bytes).isEqualTo(300_003);
            ClientUnderTest.await(connection.close());
        }
    }

    @Test
    void certificateOfAStranger_isRefused() throws Exception {
        Issued stolen = STRANGER.issue("db", "localhost");
        for (String mode : new String[] {"verify-full", "verify-ca", "require"}) {
            try (ScriptedPostgres server = ScriptedPostgres.playing(refusing(stolen))) {
                assertThatThrownBy(() -> connect(conninfo(server) + " sslmode=" + mode))
                        .isInstanceOf(PostgresFailed.class)
                        .hasMessageContaining("no TLS with localhost (127.0.0.1):" + server.port())
                        .hasMessageContaining("not issued by whom we trust (" + roots());
            }
        }
    }

    /** A server whose client hangs up in the middle of the handshake. */
    private static ScriptedPostgres.Script refusing(Issued issued) {
        return session -> {
            try {
                secure(session, issued);
                session.expectEnd();
            } catch (javax.net.ssl.SSLException refused) {
                return;
            }
        };
    }

    @Test
    void certificateForAnotherName_isRefused_butNotByVerifyCa() throws Exception {
        Issued other = AUTHORITY.issue("localhost", "db.example.com");
        try (ScriptedPostgres server = ScriptedPostgres.playing(refusing(other))) {
            assertThatThrownBy(() -> connect(conninfo(server)))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("the certificate is for another name");
        }
        try (ScriptedPostgres server = ScriptedPostgres.playing(plus(other))) {
            PostgresConnection connection = connect(conninfo(server) + " sslmode=verify-ca");
            ClientUnderTest.await(connection.query("select 1").then(connection.close()));
        }
    }

    @Test
    void addresses_areCheckedToo() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(plus(AUTHORITY.issue("db", "ip:127.0.0.1")))) {
            PostgresConnection connection =
                    connect("host=127.0.0.1 port=" + server.port() + " user=me sslrootcert=" + roots());
            ClientUnderTest.await(connection.query("select 1").then(connection.close()));
        }
        try (ScriptedPostgres server = ScriptedPostgres.playing(refusing(LOCALHOST))) {
            assertThatThrownBy(
                            () -> connect("host=127.0.0.1 port=" + server.port() + " user=me sslrootcert=" + roots()))
                    .hasMessageContaining("the certificate is for another name");
        }
    }

    @Test
    void serverWithoutTls_isRefused() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectSslRequest();
            session.send(new byte[] {'N'});
            session.expectEnd();
        })) {
            assertThatThrownBy(() -> connect(conninfo(server)))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("does not speak TLS");
            server.join();
        }
    }

    /** CVE-2021-23222: what stands behind the S was said by whoever is between, and must not be taken for the server's. */
    @Test
    void bytesStuffedBehindTheAnswer_areRefused() throws Exception {
        for (byte[] stuffed : new byte[][] {
            ServerBytes.all(new byte[] {'S'}, ServerBytes.welcome("17.4")),
            ServerBytes.all(new byte[] {'S'}, new byte[] {0}),
            ServerBytes.error("FATAL", "53300", "believe me"),
            {'X'}
        }) {
            try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
                session.expectSslRequest();
                session.send(stuffed);
                session.expectEnd();
            })) {
                assertThatThrownBy(() -> connect(conninfo(server)))
                        .isInstanceOf(PostgresFailed.class)
                        .hasMessageNotContaining("believe me")
                        .hasMessageContaining("request for TLS");
                server.join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslmode=verify-full", "sslmode=require"})
    void plainScram_overTls_isRefused_unlessBindingIsWrittenOff(String mode) throws Exception {
        ScriptedPostgres.Script plain = session -> {
            secure(session, LOCALHOST);
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256"));
            new ScramServer("secret", 4096, new byte[0]).play(session);
            session.send(ServerBytes.welcome("17.4"));
        };
        try (ScriptedPostgres server = ScriptedPostgres.playing(plain, plain)) {
            assertThatThrownBy(() -> connect(conninfo(server) + " " + mode))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("but not SCRAM-SHA-256-PLUS: somebody between may have taken it out");

            ClientUnderTest.await(connect(conninfo(server) + " channel_binding=disable " + mode)
                    .close());
        }
    }

    /** Somebody between with a certificate that we cannot tell from a right one: SCRAM finds out. */
    @Test
    void manInTheMiddle_whoPassesScramOn_isFoundOut() throws Exception {
        Issued mallory = AUTHORITY.issue("db", "localhost");
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            secure(session, mallory);
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256-PLUS"));
            try {
                new ScramServer("secret", 4096, TestAuthority.serverEndPoint(LOCALHOST.certificate())).play(session);
                throw new AssertionError("the server behind would have let mallory in");
            } catch (java.io.IOException bound) {
                assertThat(bound).hasMessageContaining("bound to another channel");
            }
        })) {
            assertThatThrownBy(() -> connect(conninfo(server))).isInstanceOf(PostgresFailed.class);
            server.join();
        }
    }

    @Test
    void passwordInTheClear_goesOnlyOverVerifiedTls() throws Exception {
        ScriptedPostgres.Script asking = session -> {
            secure(session, LOCALHOST);
            session.expectStartup();
            session.send(ServerBytes.authentication(3, new byte[0]));
            assertThat(new String(session.expect('p'), StandardCharsets.US_ASCII))
                    .isEqualTo("secret\0");
            session.send(ServerBytes.welcome("17.4"));
        };
        try (ScriptedPostgres server = ScriptedPostgres.playing(asking)) {
            ClientUnderTest.await(connect(conninfo(server)).close());
            server.join();
        }
    }

    @Test
    void clientCertificate_isShown() throws Exception {
        Issued client = AUTHORITY.issue("me", "client");
        Path certificate = TestAuthority.pem(directory.resolve("client.pem"), client.certificate());
        Path key = TestAuthority.pem(directory.resolve("client.key"), client.keys());
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectSslRequest();
            session.send(new byte[] {'S'});
            SSLSocket socket = session.startTls(AUTHORITY.server(LOCALHOST), ScriptedPostgres.ClientCertificate.NEEDED);
            assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=me");
            session.welcome();
        })) {
            ClientUnderTest.await(connect(conninfo(server) + " sslcert=" + certificate + " sslkey=" + key)
                    .close());
            server.join();
        }
    }

    @Test
    void clientKey_thatIsOpenToOthers_isRefused() throws Exception {
        Issued client = AUTHORITY.issue("me", "client");
        Path certificate = TestAuthority.pem(directory.resolve("open.pem"), client.certificate());
        Path key = TestAuthority.pem(directory.resolve("open.key"), client.keys());
        Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThatThrownBy(() -> connect("host=localhost port=1 user=me sslrootcert=" + roots() + " sslcert="
                        + certificate + " sslkey=" + key))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("is open to others");
    }

    @Test
    void directTls_asksNothingBefore() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            SSLSocket socket = session.startTls(
                    AUTHORITY.server(LOCALHOST), ScriptedPostgres.ClientCertificate.NOT_ASKED, "postgresql");
            assertThat(socket.getApplicationProtocol()).isEqualTo("postgresql");
            session.welcome();
        })) {
            ClientUnderTest.await(
                    connect(conninfo(server) + " sslnegotiation=direct").close());
            server.join();
        }
    }

    /** The key of a CancelRequest is a secret as well: it goes the way that the session went. */
    @Test
    void cancelRequest_goesOverTlsToo() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    secure(session, LOCALHOST);
                    session.welcome();
                    session.expectQuery();
                    session.send(ServerBytes.columns("a"), ServerBytes.row("1"), ServerBytes.row("2"));
                    session.expectEnd();
                },
                cancel -> {
                    secure(cancel, LOCALHOST);
                    assertThat(cancel.expectCancel()).containsExactly(4711, 42);
                })) {
            PostgresConnection connection = connect(conninfo(server));
            assertThat(ClientUnderTest.await(connection.rows("select").next()).text(0))
                    .isEqualTo("1");
            ClientUnderTest.await(connection.close());
            server.join();
        }
    }

    @Test
    void handshakeThatNeverEnds_isGivenUpInTime() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectSslRequest();
            session.send(new byte[] {'S'});
            session.in().readAllBytes();
        })) {
            assertThatThrownBy(() -> connect(conninfo(server) + " connect_timeout=2"))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }
}
