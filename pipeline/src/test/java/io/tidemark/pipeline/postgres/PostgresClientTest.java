package io.tidemark.pipeline.postgres;

import static io.tidemark.pipeline.postgres.testing.ServerBytes.all;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.authenticationOk;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.columns;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.complete;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.error;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.keyData;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.notice;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.parameter;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.ready;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.postgres.testing.ScriptedPostgres;
import io.tidemark.pipeline.postgres.testing.ServerBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and queries against a server that says what a test tells it to. */
final class PostgresClientTest {
    private static final ClientUnderTest CLIENT = new ClientUnderTest();

    @AfterAll
    static void end() {
        CLIENT.close();
    }

    @Test
    void session_saysWhoWeAre_andNotesWhatTheServerSays() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            assertThat(session.expectStartup())
                    .containsEntry("user", "me")
                    .containsEntry("database", "db")
                    .containsEntry("application_name", "tidemark")
                    .containsEntry("client_encoding", "UTF8")
                    .containsEntry("options", "-c work_mem=1MB")
                    .doesNotContainKey("replication");
            session.send(ServerBytes.negotiation(), notice("NOTICE", "00000", "hello"), ServerBytes.welcome("17.4"));
            session.expectEnd();
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo() + " options='-c work_mem=1MB'");

            assertThat(connection.server().versionNumber()).isEqualTo(170_004);
            assertThat(connection.server().majorVersion()).isEqualTo(17);
            assertThat(connection.server().where()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(connection.server().parameters()).containsEntry("in_hot_standby", "off");
            ClientUnderTest.await(connection.close().then(connection.close()));
            server.join();
        }
    }

    @Test
    void replicationSession_namesNoDatabase() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            assertThat(session.welcome()).containsEntry("replication", "true").doesNotContainKey("database");
            assertThat(session.expectQuery()).isEqualTo("IDENTIFY_SYSTEM");
            session.send(
                    columns("systemid", "timeline", "xlogpos", "dbname", "encrypted"),
                    row("18446744073709551615", "4294967295", "FFFFFFFF/80000000", null, "yes"),
                    complete("IDENTIFY_SYSTEM"),
                    ready());
            assertThat(session.expectQuery()).isEqualTo("SHOW wal_segment_size");
            session.send(columns("wal_segment_size"), row("16MB"), complete("SHOW"), ready());
            assertThat(session.expectQuery()).isEqualTo("TIMELINE_HISTORY 2");
            session.send(
                    columns("filename", "content"),
                    row("00000002.history", "1\t0/3000000\tno\n"),
                    complete("TIMELINE_HISTORY"),
                    ready());
            for (String restart : new String[] {"0/3000000", null}) {
                assertThat(session.expectQuery()).isEqualTo("READ_REPLICATION_SLOT box_1");
                session.send(
                        columns("slot_type", "restart_lsn", "restart_tli"),
                        row(restart == null ? null : "physical", restart, restart == null ? null : "2"),
                        complete("READ_REPLICATION_SLOT"),
                        ready());
            }
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            assertThat(ClientUnderTest.await(connection.identifySystem()))
                    .isEqualTo(new SystemIdentification(
                            -1, TimelineId.of(4_294_967_295L), Lsn.parse("FFFFFFFF/80000000"), null));
            assertThat(ClientUnderTest.await(connection.show("wal_segment_size")))
                    .isEqualTo("16MB");
            TimelineHistoryFile history = ClientUnderTest.await(connection.timelineHistory(TimelineId.of(2)));
            assertThat(history.name()).isEqualTo("00000002.history");
            assertThat(history.content().remaining()).isEqualTo(15);
            assertThat(ClientUnderTest.await(connection.readReplicationSlot("box_1")))
                    .contains(new ReplicationSlot("box_1", "physical", Lsn.parse("0/3000000"), TimelineId.of(2)));
            assertThat(ClientUnderTest.await(connection.readReplicationSlot("box_1")))
                    .isEqualTo(Optional.empty());
            ClientUnderTest.await(connection.close());
            server.join();
        }
    }

    @Test
    void queries_followEachOther_andARefusalEndsOnlyItsOwn() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.welcome();
            assertThat(session.expectQuery()).isEqualTo("select 1 as a, null as b");
            session.sendByteByByte(all(columns("a", "b"), row("1", null), complete("SELECT 1"), ready()));
            session.expectQuery();
            session.send(
                    columns("a"),
                    row("1"),
                    error("ERROR", "22012", "division by zero"),
                    parameter("TimeZone", "UTC"),
                    ready());
            session.send(
                    parameter("TimeZone", "UTC"), notice("NOTICE", "00000", "between"), ServerBytes.notification());
            session.expectQuery();
            session.send(ServerBytes.emptyQuery(), ready());
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());

            QueryResult result = ClientUnderTest.await(connection.query("select 1 as a, null as b"));
            assertThat(result.columns()).containsExactly("a", "b");
            assertThat(result.single().text("a")).isEqualTo("1");
            assertThat(result.single().text(1)).isNull();
            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select 1 / 0")))
                    .isInstanceOfSatisfying(PostgresFailed.class, failure -> {
                        assertThat(failure.sqlState()).contains("22012");
                        assertThat(failure)
                                .hasMessageContaining("query \"select 1 / 0\"")
                                .hasMessageContaining("127.0.0.1:")
                                .hasMessageContaining("ERROR: division by zero (SQLSTATE 22012)");
                    });
            assertThat(ClientUnderTest.await(connection.query("")).rows()).isEmpty();
            ClientUnderTest.await(connection.close());
            server.join();
        }
    }

    @ParameterizedTest
    @CsvSource({"15.0, 150000", "16beta1, 160000", "17.5 - Percona Server for PostgreSQL 17.5.1, 170005", "18.6, 180006"
    })
    void versions_fromFifteenToEighteen_willDo(String version, int number) throws Exception {
        try (ScriptedPostgres server = welcoming(version)) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());

            assertThat(connection.server().versionNumber()).isEqualTo(number);
            ClientUnderTest.await(connection.close());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"14.12", "9.6.24"})
    void version_thatIsTooOld_isRefusedByNumber(String version) throws Exception {
        try (ScriptedPostgres server = welcoming(version)) {
            assertThatThrownBy(() -> CLIENT.connect(server.conninfo()))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("is PostgreSQL " + version + ", and 15 is the oldest");
            server.join();
        }
    }

    @Test
    void version_thatIsNotKnownYet_isNotInThisVersion() throws Exception {
        try (ScriptedPostgres server = welcoming("19devel")) {
            assertThatThrownBy(() -> CLIENT.connect(server.conninfo()))
                    .isInstanceOf(NotInThisVersion.class)
                    .hasMessageContaining("is PostgreSQL 19devel, and 18 is the newest");
            server.join();
        }
    }

    private static ScriptedPostgres welcoming(String version) throws IOException {
        return ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.welcome(version));
            session.expectEnd();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, password authentication failed, password file",
        "28000, 'no pg_hba.conf entry for replication connection from host \"::1\", user \"me\"', hostssl replication me",
        "28000, 'no pg_hba.conf entry for host \"::1\", user \"me\", database \"db\"', hostssl db me",
        "28000, 'role \"me\" does not exist', create role me",
        "3D000, database does not exist, dbname=postgres",
        "53300, too many clients already, max_connections",
        "57P03, the database system is starting up, try again",
    })
    void refusedSession_saysWhy_andWhatToDo(String state, String message, String hint) throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(error("FATAL", state, message));
        })) {
            assertThatThrownBy(() -> CLIENT.connect(server.conninfo()))
                    .isInstanceOfSatisfying(PostgresFailed.class, failure -> {
                        assertThat(failure.sqlState()).contains(state);
                        assertThat(failure)
                                .hasMessageContaining("connecting as me on 127.0.0.1:")
                                .hasMessageContaining(message);
                        assertThat(failure.hint().orElse("")).contains(hint);
                    });
        }
    }

    @Test
    void severalHosts_theFirstThatFits_isTaken() throws Exception {
        try (ScriptedPostgres starting = ScriptedPostgres.playing(session -> {
                    session.expectStartup();
                    session.send(error("FATAL", "57P03", "the database system is starting up"));
                });
                ScriptedPostgres standby = ScriptedPostgres.playing(session -> {
                    session.expectStartup();
                    session.send(
                            authenticationOk(),
                            parameter("server_version", "17.4"),
                            parameter("in_hot_standby", "on"),
                            parameter("default_transaction_read_only", "off"),
                            ready());
                    session.expectEnd();
                });
                ScriptedPostgres primary = welcoming("17.4")) {
            PostgresConnection connection = CLIENT.connect("host=127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1 port=1,"
                    + starting.port() + "," + standby.port() + "," + primary.port()
                    + " user=me dbname=db sslmode=disable target_session_attrs=read-write");

            assertThat(connection.server().where()).isEqualTo("127.0.0.1:" + primary.port());
            ClientUnderTest.await(connection.close());
            standby.join();
        }
    }

    @Test
    void severalHosts_whereNoneFits_areAllTold() throws Exception {
        try (ScriptedPostgres first = welcoming("17.4");
                ScriptedPostgres second = welcoming("17.4")) {
            assertThatThrownBy(() -> CLIENT.connect("host=127.0.0.1,127.0.0.1 port=" + first.port() + ","
                            + second.port() + " user=me sslmode=disable target_session_attrs=standby"))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.details())
                                    .hasSize(2)
                                    .allMatch(line -> line.contains("in_hot_standby is off")));
        }
    }

    @Test
    void preferStandby_withoutOne_takesAny() throws Exception {
        ScriptedPostgres.Script welcome = session -> {
            session.welcome();
            session.expectEnd();
        };
        try (ScriptedPostgres server = ScriptedPostgres.playing(welcome, welcome)) {
            PostgresConnection connection = CLIENT.connect(server.conninfo() + " target_session_attrs=prefer-standby");

            ClientUnderTest.await(connection.close());
            server.join();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TargetSessionAttributes.class,
            names = {"ANY"},
            mode = EnumSource.Mode.EXCLUDE)
    void t92_pooler_thatHidesWhatTheServerIs_isNamed(TargetSessionAttributes target) throws Exception {
        ScriptedPostgres.Script pooler = session -> {
            session.expectStartup();
            session.send(authenticationOk(), parameter("server_version", "17.4"), ready());
        };
        try (ScriptedPostgres server = ScriptedPostgres.playing(pooler, pooler)) {
            ConnectionSettings settings =
                    ConnectionSettings.parse(server.conninfo(), Map.of()).withTargetSessionAttributes(target);

            if (target == TargetSessionAttributes.PREFER_STANDBY) {
                ClientUnderTest.await(ClientUnderTest.await(CLIENT.client().connect(settings, SessionMode.SQL))
                        .close());
            } else {
                assertThatThrownBy(() -> ClientUnderTest.await(CLIENT.client().connect(settings, SessionMode.SQL)))
                        .hasMessageContaining("does not report");
            }
        }
    }

    @Test
    void wrongPassword_endsTheSearch_sinceItWouldBeWrongEverywhere() throws Exception {
        try (ScriptedPostgres first = ScriptedPostgres.playing(session -> {
                    session.expectStartup();
                    session.send(error("FATAL", "28P01", "password authentication failed"));
                });
                ScriptedPostgres second = ScriptedPostgres.playing(session -> {
                    throw new AssertionError("asked");
                })) {
            assertThatThrownBy(() -> CLIENT.connect("host=127.0.0.1,127.0.0.1 port=" + first.port() + ","
                            + second.port() + " user=me sslmode=disable"))
                    .hasMessageContaining("28P01");
        }
    }

    @Test
    void serverThatSaysNothing_isGivenUpInTime() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.expectEnd();
        })) {
            assertThatThrownBy(() -> CLIENT.connect(server.conninfo() + " connect_timeout=2"))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());
            server.join();
        }
    }

    @Test
    void silenceInAnExchange_isATypedError_andCancelsAtTheServer() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    session.welcome();
                    session.expectQuery();
                    session.expectEnd();
                },
                cancelled -> assertThat(cancelled.expectCancel()).containsExactly(4711, 42))) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());
            PostgresConnection hasty = connection.within(new Patience(Duration.ofMillis(50), Duration.ofMillis(50)));

            assertThatThrownBy(() -> ClientUnderTest.await(hasty.query("select pg_sleep(9)")))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("nothing came from 127.0.0.1:")
                    .hasMessageContaining("query \"select pg_sleep(9)\"");
            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select 1")))
                    .isInstanceOf(PostgresFailed.class);
            server.join();
        }
    }

    @Test
    void secondExchangeAtOnce_isTheCallersBug_andTheFirstGoesOn() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    session.welcome();
                    session.expectQuery();
                    session.expectEnd();
                },
                ScriptedPostgres.Session::expectCancel)) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());
            var first = connection.query("select 1").subscribe(result -> {}, failure -> {});

            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select 2")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("one exchange at a time");
            first.dispose();
            ClientUnderTest.await(connection.close());
        }
    }

    @Test
    void lastWords_betweenExchanges_areTheNextOnesFailure() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.welcome();
            session.expectQuery();
            session.send(
                    complete("SELECT 0"),
                    ready(),
                    error("FATAL", "57P01", "terminating connection due to administrator command"));
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());

            ClientUnderTest.await(connection.query("select 1"));
            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select 2")))
                    .hasMessageContaining("terminating connection due to administrator command");
            ClientUnderTest.await(connection.close());
        }
    }

    static List<byte[]> outOfOrder() {
        return List.of(
                row("1"),
                all(columns("a"), row("1", "2")),
                all(columns("a"), columns("a")),
                ServerBytes.copyOut(),
                ServerBytes.copyData('d', new byte[9]),
                ServerBytes.copyDone(),
                authenticationOk(),
                ServerBytes.negotiation(),
                new byte[] {'W', 0, 0, 0, 4},
                new byte[] {'D', 0, 0, 0, 6, 0, 1});
    }

    @ParameterizedTest
    @MethodSource("outOfOrder")
    void answerOutOfOrder_isRefused_andEndsTheConnection(byte[] wrong) throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    session.welcome();
                    session.expectQuery();
                    session.send(wrong);
                    session.expectEnd();
                },
                ScriptedPostgres.Session::expectCancel)) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());

            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select 1")))
                    .isInstanceOf(PostgresFailed.class);
            server.join();
        }
    }

    @Test
    void welcome_beforeAnythingElse_mustBeAuthentication() throws Exception {
        for (byte[] wrong : List.of(
                parameter("server_version", "17.4"), ready(), columns("a"), ServerBytes.copyDone(), complete("X"))) {
            try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
                session.expectStartup();
                session.send(keyData(1, 2), wrong);
                session.expectEnd();
            })) {
                assertThatThrownBy(() -> CLIENT.connect(server.conninfo()))
                        .isInstanceOf(PostgresFailed.class)
                        .hasMessageContaining("is not PostgreSQL's protocol");
                server.join();
            }
        }
    }

    @Test
    void parametersWithoutEnd_areRefused() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(authenticationOk());
            for (int i = 0; i < 5000; i++) {
                session.send(parameter("p" + i, "v"));
            }
        })) {
            assertThatThrownBy(() -> CLIENT.connect(server.conninfo())).isInstanceOf(PostgresFailed.class);
        }
    }

    @Test
    void collectedResult_overItsLimit_isRefused() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    session.welcome();
                    session.expectQuery();
                    session.send(columns("a"));
                    byte[] large = row("x".repeat(1 << 20));
                    for (int i = 0; i < 20; i++) {
                        session.send(large);
                    }
                },
                ScriptedPostgres.Session::expectCancel)) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());

            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select *")))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("more than 100000 rows or 16777216 bytes");
        }
    }

    @Test
    void sqlWithNul_isTheCallersBug() throws Exception {
        try (ScriptedPostgres server = welcoming("17.4")) {
            PostgresConnection connection = CLIENT.connect(server.conninfo());

            assertThatThrownBy(() -> ClientUnderTest.await(connection.query("select \0")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
