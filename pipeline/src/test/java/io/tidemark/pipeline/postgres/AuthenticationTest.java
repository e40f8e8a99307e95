package io.tidemark.pipeline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.testing.ScramServer;
import io.tidemark.pipeline.postgres.testing.ScriptedPostgres;
import io.tidemark.pipeline.postgres.testing.ServerBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who we are, over the loopback interface: what is answered, and what a server must prove before it is believed. */
final class AuthenticationTest {
    private static final ClientUnderTest CLIENT = new ClientUnderTest();
    private static final byte[] NO_BINDING = {};

    @TempDir
    Path directory;

    @AfterAll
    static void end() {
        CLIENT.close();
    }

    private static void connect(ScriptedPostgres server, String parameters, String password) {
        PostgresConnection connection =
                CLIENT.connect(server.conninfo() + " " + parameters, SessionMode.SQL, Map.of("PGPASSWORD", password));
        ClientUnderTest.await(connection.close());
    }

    private static ScriptedPostgres scram(String password) throws IOException {
        return ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256"));
            new ScramServer(password, 4096, NO_BINDING).play(session);
            session.send(ServerBytes.welcome("17.4"));
            session.expectEnd();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "pässwörd", "a b,c=d", "I\u00adX", "\u00aa", "пароль"})
    void scram_withTheRightPassword_isLetIn(String password) throws Exception {
        // SASLprep: a soft hyphen is nothing, a feminine ordinal indicator is an a
        String prepared = password.replace("\u00ad", "").replace('\u00aa', 'a');
        try (ScriptedPostgres server = scram(prepared)) {
            connect(server, "", password);
            server.join();
        }
    }

    @Test
    void scram_withTheWrongPassword_isRefused() throws Exception {
        try (ScriptedPostgres server = scram("right")) {
            assertThatThrownBy(() -> connect(server, "", "wrong"))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("refuses what SCRAM made of the password");
        }
    }

    @Test
    void scram_withAWrongServerSignature_isRefused() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256"));
            String first = new String(session.expect('p'), StandardCharsets.UTF_8);
            session.send(sasl(11, "r=" + first.substring(first.indexOf("r=") + 2) + "x,s=c2FsdHNhbHQ=,i=4096"));
            session.expect('p');
            session.send(sasl(12, "v=" + "A".repeat(43) + "="), ServerBytes.welcome("17.4"));
            session.expectEnd();
        })) {
            assertThatThrownBy(() -> connect(server, "", "secret"))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("did not prove that it knows the password");
            server.join();
        }
    }

    private static byte[] sasl(int code, String text) {
        return ServerBytes.authentication(code, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=other,s=c2FsdA==,i=4096",
                "r=NONCE,s=c2FsdA==,i=4096",
                "r=NONCEx,s=c2FsdA==,i=0",
                "r=NONCEx,s=c2FsdA==,i=2000000000",
                "r=NONCEx,s=c2FsdA==,i=-4096",
                "r=NONCEx,s=,i=4096",
                "m=x,r=NONCEx,s=c2FsdA==,i=1",
                "e=other-error",
                "",
                "r=NONCEx,s=c2FsdA=="
            })
    void scram_withAHostileServerFirst_isRefused(String first) throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256"));
            String ours = new String(session.expect('p'), StandardCharsets.UTF_8);
            session.send(sasl(11, first.replace("NONCE", ours.substring(ours.indexOf("r=") + 2))));
            session.expectEnd();
        })) {
            assertThatThrownBy(() -> connect(server, "", "secret")).isInstanceOf(PostgresFailed.class);
            server.join();
        }
    }

    /** The messages that a server must not leave out, each left out. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void welcome_beforeTheServersProof_isRefused(int after) throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.sasl("SCRAM-SHA-256"));
            String first = new String(session.expect('p'), StandardCharsets.UTF_8);
            if (after > 0) {
                session.send(sasl(11, "r=" + first.substring(first.indexOf("r=") + 2) + "x,s=c2FsdHNhbHQ=,i=4096"));
                session.expect('p');
            }
            if (after > 1) {
                session.send(ServerBytes.parameter("server_version", "17.4"));
            }
            session.send(ServerBytes.welcome("17.4"));
            session.expectEnd();
        })) {
            assertThatThrownBy(() -> connect(server, "", "secret"))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());
            server.join();
        }
    }

    @Test
    void scramOutOfOrder_isRefused() throws Exception {
        for (byte[] wrong : new byte[][] {sasl(11, "r=x,s=c2FsdA==,i=4096"), sasl(12, "v=AAAA")}) {
            try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
                session.expectStartup();
                session.send(wrong);
                session.expectEnd();
            })) {
                assertThatThrownBy(() -> connect(server, "", "secret"))
                        .isInstanceOf(PostgresFailed.class)
                        .hasMessageContaining("out of order");
                server.join();
            }
        }
    }

    @Test
    void md5_overLoopback_isAnswered() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.authentication(5, new byte[] {1, 2, 3, 4}));
            // what psql sends for user me, password secret and this salt
            assertThat(new String(session.expect('p'), StandardCharsets.US_ASCII))
                    .startsWith("md5")
                    .hasSize(36);
            session.send(ServerBytes.welcome("17.4"));
        })) {
            connect(server, "", "secret");
            server.join();
        }
    }

    @Test
    void clearText_overLoopback_isAnswered() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.authentication(3, new byte[0]));
            assertThat(new String(session.expect('p'), StandardCharsets.US_ASCII))
                    .isEqualTo("secret\0");
            session.send(ServerBytes.welcome("17.4"));
        })) {
            connect(server, "", "secret");
            server.join();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "require_auth=scram-sha-256, 0, which require_auth does not allow",
        "require_auth=scram-sha-256, 3, which require_auth does not allow",
        "'require_auth=!password,!md5', 5, which require_auth does not allow",
        "require_auth=!none, 0, which require_auth does not allow",
        "channel_binding=require, 0, channel_binding=require wants",
        "channel_binding=require, 5, channel_binding=require wants",
        "channel_binding=prefer, 7, GSSAPI",
        "channel_binding=prefer, 2, Kerberos V5",
        "channel_binding=prefer, 9, SSPI",
        "channel_binding=prefer, 99, number 99",
    })
    void whatWasForbidden_isNotAnswered(String parameters, int code, String words) throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            session.expectStartup();
            session.send(ServerBytes.authentication(code, new byte[code == 5 ? 4 : 0]));
            session.expectEnd();
        })) {
            assertThatThrownBy(() -> connect(server, parameters, "secret"))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("secret");
            server.join();
        }
    }

    @Test
    void passwordFile_isAskedOnlyWhenTheServerAsks_andMustBePrivate() throws Exception {
        Path file = Files.writeString(directory.resolve("pass"), "127.0.0.1:*:db:me:from\\:file\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        try (ScriptedPostgres trusting = ScriptedPostgres.playing(ScriptedPostgres.Session::welcome);
                ScriptedPostgres asking = scram("from:file");
                ScriptedPostgres again = scram("from:file")) {
            ClientUnderTest.await(
                    CLIENT.connect(trusting.conninfo() + " passfile=" + file).close());
            assertThatThrownBy(() -> CLIENT.connect(asking.conninfo() + " passfile=" + file))
                    .isInstanceOf(UsageError.class)
                    .hasMessageContaining("password file " + file + " is open to others");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            ClientUnderTest.await(
                    CLIENT.connect(again.conninfo() + " passfile=" + file).close());
        }
    }

    @Test
    void noPassword_whereOneIsAsked_saysWhereToPutIt() throws Exception {
        try (ScriptedPostgres server = scram("secret")) {
            assertThatThrownBy(() -> CLIENT.connect(server.conninfo() + " passfile=" + directory.resolve("none")))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.hint().orElse("")).contains("~/.pgpass", "PGPASSWORD"))
                    .hasMessageContaining("asks for a password of role me, and there is none");
        }
    }
}
