package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.BaseBackupCommand;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.SessionMode;
import io.tidemark.pipeline.postgres.testing.TestAuthority;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Our client against PostgreSQL itself, promoted once: what each way of logging in and each command really answers. */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresClientTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Path WITH_TLS = Path.of("/usr/lib/postgresql/15");

    private final EventLoops loops = EventLoops.open(1);
    private final Scheduler files = Schedulers.newBoundedElastic(4, 1000, "it-files", 60, true);
    private final PostgresClient client = new PostgresClient(loops, files, new SecureRandom());
    private final Lab lab;
    private final Cluster cluster;
    private final Path sockets;
    private final Path tablespace;
    private final List<PostgresServer> others = new ArrayList<>();
    private PostgresServer server;

    PostgresClientTest(Lab lab) {
        this.lab = lab;
        this.cluster = Cluster.of(lab);
        this.sockets = cluster.newDirectory("sockets");
        this.tablespace = cluster.newDirectory("ts");
    }

    @BeforeAll
    void promoteOnce() throws Exception {
        server = cluster.newServer(
                Map.of("archive_mode", "off", "unix_socket_directories", sockets.toString()), "--wal-segsize=1");
        Path hba = server.dataDirectory().resolve("pg_hba.conf");
        Files.writeString(hba, "host all old 127.0.0.1/32 md5\n" + Files.readString(hba));
        Files.createFile(server.dataDirectory().resolve("standby.signal"));
        server.start();
        try (Connection session = server.connect()) {
            Cluster.execute(session, "SELECT pg_promote()");
            Cluster.awaitPromotion(session);
            Cluster.execute(session, "CREATE ROLE tidemark LOGIN REPLICATION PASSWORD 's3cret'");
            Cluster.execute(session, "CREATE ROLE weak LOGIN PASSWORD 's3cret'");
            Cluster.execute(session, "SET password_encryption = 'md5'");
            Cluster.execute(session, "CREATE ROLE old LOGIN PASSWORD 'ancient'");
            Cluster.execute(session, "CREATE TABLESPACE apart LOCATION '" + tablespace + "'");
            Cluster.execute(session, "CREATE TABLE far TABLESPACE apart AS SELECT generate_series(1, 20000) AS i");
        }
    }

    @AfterAll
    void strike() {
        others.forEach(PostgresServer::close);
        cluster.close();
        await(loops.close());
        files.dispose();
    }

    private static <T> @Nullable T await(Mono<T> mono) {
        return mono.block(LIMIT);
    }

    private PostgresConnection connect(String conninfo, String password, SessionMode mode) {
        return client.connect(ConnectionSettings.parse(conninfo, Map.of("PGPASSWORD", password)), mode)
                .block(LIMIT);
    }

    private String socket(String user) {
        return "host=" + sockets + " port=" + server.port() + " dbname=postgres user=" + user;
    }

    private String loopback(String user) {
        return "host=127.0.0.1 sslmode=disable port=" + server.port() + " dbname=postgres user=" + user;
    }

    @Test
    void scram_overASocketAndOverLoopback_isLetIn() {
        for (String conninfo : List.of(socket("tidemark"), loopback("tidemark"))) {
            PostgresConnection connection = connect(conninfo, "s3cret", SessionMode.SQL);

            assertThat(await(connection.query("SELECT current_user AS me, NULL AS nothing"))
                            .single()
                            .text("me"))
                    .isEqualTo("tidemark");
            assertThat(await(
                            connection.rows("SELECT generate_series(1, 100000)").count()))
                    .isEqualTo(100_000);
            assertThat(await(connection.show("wal_segment_size"))).isEqualTo("1MB");
            assertThat(connection.server().majorVersion()).isEqualTo(17);
            await(connection.close());
        }
    }

    @Test
    void md5_overLoopback_isLetIn_andAWrongPasswordIsNot() {
        await(connect(loopback("old"), "ancient", SessionMode.SQL).close());

        for (String user : List.of("old", "tidemark")) {
            assertThatThrownBy(() -> connect(loopback(user), "wrong", SessionMode.SQL))
                    .isInstanceOfSatisfying(
                            PostgresFailed.class,
                            failure -> assertThat(failure.sqlState()).contains("28P01"));
        }
    }

    @Test
    void replicationCommands_areAnsweredAfterAPromotion() throws Exception {
        try (Connection session = server.connect()) {
            Cluster.execute(session, "SELECT pg_create_physical_replication_slot('box', true)");
        }
        PostgresConnection connection = connect(socket("tidemark"), "s3cret", SessionMode.REPLICATION);

        TimelineId second = TimelineId.of(2);
        assertThat(await(connection.identifySystem()).timeline()).isEqualTo(second);
        assertThat(await(connection.show("wal_level"))).isEqualTo("replica");
        assertThat(StandardCharsets.US_ASCII
                        .decode(await(connection.timelineHistory(second)).content())
                        .toString())
                .startsWith("1\t0/");
        assertThatThrownBy(() -> await(connection.timelineHistory(TimelineId.FIRST)))
                .isInstanceOfSatisfying(
                        PostgresFailed.class,
                        failure -> assertThat(failure.sqlState()).contains("58P01"));
        assertThat(await(connection.readReplicationSlot("box"))).hasValueSatisfying(slot -> {
            assertThat(slot.type()).isEqualTo("physical");
            assertThat(slot.restart()).isNotNull();
            assertThat(slot.restartTimeline()).isEqualTo(second);
        });
        assertThat(await(connection.readReplicationSlot("none"))).isEmpty();
        await(connection.close());
    }

    @Test
    void roleWithoutReplication_isRefused_withTheSqlThatHelps() {
        assertThatThrownBy(() -> connect(socket("weak"), "s3cret", SessionMode.REPLICATION))
                .isInstanceOfSatisfying(PostgresFailed.class, failure -> {
                    assertThat(failure.sqlState()).contains("42501");
                    assertThat(failure.hint().orElse("")).contains("alter role");
                });
    }

    private static BaseBackupCommand command(@Nullable Integer rate) {
        return new BaseBackupCommand(
                "it's a test",
                BaseBackupCommand.CheckpointMode.FAST,
                rate,
                BaseBackupCommand.ManifestChecksums.SHA256,
                BaseBackupCommand.ServerVerification.OFF);
    }

    @Test
    void baseBackup_comesWhole_withItsTablespace() {
        PostgresConnection connection = connect(socket("tidemark"), "s3cret", SessionMode.REPLICATION);
        List<String> archives = new ArrayList<>();
        long[] bytes = new long[3];

        List<BaseBackupMessage> others = await(connection
                .baseBackup(command(null))
                .doOnNext(message -> {
                    if (message instanceof BaseBackupMessage.ArchiveBegun begun) {
                        archives.add(begun.tablespacePath());
                    } else if (message instanceof BaseBackupMessage.ManifestBegun) {
                        archives.add("manifest");
                    } else if (message instanceof BaseBackupMessage.Data data) {
                        bytes[archives.size() - 1] += data.data().readableBytes();
                        data.data().release();
                    }
                })
                .filter(message ->
                        message instanceof BaseBackupMessage.Begun || message instanceof BaseBackupMessage.Ended)
                .collectList());

        BaseBackupMessage.Begun begun = (BaseBackupMessage.Begun) others.get(0);
        BaseBackupMessage.Ended ended = (BaseBackupMessage.Ended) others.get(1);
        assertThat(archives).containsExactly(tablespace.toString(), "", "manifest");
        assertThat(begun.tablespaces()).hasSize(2);
        assertThat(ended.stop()).isGreaterThan(begun.start());
        assertThat(ended.timeline()).isEqualTo(TimelineId.of(2));
        assertThat(bytes[0])
                .isGreaterThan(700_000)
                .satisfies(size -> assertThat(size % 512).isZero());
        assertThat(bytes[1]).isGreaterThan(15_000_000);
        assertThat(bytes[2]).isGreaterThan(100_000);
        assertThat(await(connection.identifySystem()).timeline()).isEqualTo(TimelineId.of(2));
        await(connection.close());
    }

    @Test
    void backupThatIsCancelled_isGoneAtTheServer() throws Exception {
        PostgresConnection connection = connect(loopback("tidemark"), "s3cret", SessionMode.REPLICATION);

        await(connection
                .baseBackup(command(1024))
                .doOnNext(message -> {
                    if (message instanceof BaseBackupMessage.Data data) {
                        data.data().release();
                    }
                })
                .take(20)
                .then());

        await(connection.close());
        try (Connection session = server.connect()) {
            Cluster.await(
                    session,
                    "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'walsender'",
                    "the walsender has ended");
        }
    }

    /** zonky's servers are built without TLS; Debian's is not. */
    @Test
    void tls_withARealServer_isVerified_andScramIsBound(@TempDir Path temporary) throws Exception {
        assumeTrue(Files.isExecutable(WITH_TLS.resolve("bin/initdb")), "no PostgreSQL with TLS in " + WITH_TLS);
        TestAuthority authority = new TestAuthority("it");
        Path roots = TestAuthority.pem(temporary.resolve("roots.pem"), authority.certificate());
        PostgresServer secure = secureServer(authority, temporary);
        String anyHost = " hostaddr=127.0.0.1 port=" + secure.port()
                + " user=postgres dbname=postgres channel_binding=require sslrootcert=" + roots;

        for (String mode : List.of("verify-full", "verify-ca", "require")) {
            PostgresConnection connection =
                    connect("host=localhost sslmode=" + mode + anyHost, "scratch", SessionMode.SQL);
            assertThat(await(connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                            .single()
                            .text("ssl"))
                    .isEqualTo("t");
            await(connection.close());
        }
        assertThatThrownBy(() -> connect("host=elsewhere" + anyHost, "scratch", SessionMode.SQL))
                .hasMessageContaining("the certificate is for another name");
        secure.stop();
    }

    private PostgresServer secureServer(TestAuthority authority, Path temporary) throws IOException {
        String name = lab.nextName();
        TestAuthority.Issued issued = authority.issue("db", "localhost");
        lab.scratch().given(name);
        Path data = lab.scratch().given(name + "/data");
        PostgresServer secure = new PostgresServer(
                lab.programs(),
                WITH_TLS,
                data,
                lab.scratch().given(name + "/log").resolve("log"),
                "scratch");
        others.add(secure);
        secure.initialize(
                lab.scratch().givenFile(name + "/password", "scratch".getBytes(StandardCharsets.US_ASCII)), List.of());
        Path certificate = TestAuthority.pem(temporary.resolve("server.pem"), issued.certificate());
        Path key = TestAuthority.pem(temporary.resolve("server.key"), issued.keys());
        secure.configure(Map.of(
                "ssl",
                "on",
                "ssl_cert_file",
                lab.scratch()
                        .givenFile(name + "/server.pem", Files.readAllBytes(certificate))
                        .toString(),
                "ssl_key_file",
                lab.scratch()
                        .givenFile(name + "/server.key", Files.readAllBytes(key))
                        .toString()));
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "hostssl all all all scram-sha-256\n",
                StandardOpenOption.TRUNCATE_EXISTING);
        secure.start();
        return secure;
    }
}
