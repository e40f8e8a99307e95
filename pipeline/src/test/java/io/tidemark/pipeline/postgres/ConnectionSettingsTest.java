package io.tidemark.pipeline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.conninfo.AuthenticationRules.ChannelBinding;
import io.tidemark.pipeline.postgres.conninfo.HostAddress;
import io.tidemark.pipeline.postgres.conninfo.KeepAlive;
import io.tidemark.pipeline.postgres.conninfo.SslMode;
import io.tidemark.pipeline.postgres.conninfo.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** libpq's connection strings, as libpq reads them, but for what is refused on purpose. */
final class ConnectionSettingsTest {
    @TempDir
    Path directory;

    private static ConnectionSettings parse(String conninfo) {
        return ConnectionSettings.parse(conninfo, Map.of());
    }

    private static String refusal(String conninfo) {
        try {
            return "taken: " + parse(conninfo);
        } catch (UsageError refused) {
            return refused.getMessage()
                    + refused.hint().map(hint -> " HINT " + hint).orElse("");
        }
    }

    @Test
    void nothing_isTheDefaultSocket_andTheSystemsUser() {
        ConnectionSettings settings = parse("");

        assertThat(settings.hosts()).singleElement().satisfies(host -> {
            assertThat(host.isSocket()).isTrue();
            assertThat(host.toString()).isIn("/var/run/postgresql/.s.PGSQL.5432", "/tmp/.s.PGSQL.5432");
        });
        assertThat(settings.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(settings.database()).isEqualTo(settings.user());
        assertThat(settings.tls()).isNull();
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.applicationName()).isEqualTo("tidemark");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "host=/s user=me|me|me|[/s/.s.PGSQL.5432]",
                "  host =  /s\tport= 6000 user = 'a b' dbname='it\\'s'  |a b|it's|[/s/.s.PGSQL.6000]",
                "host=/s user=back\\\\slash\\ blank dbname=''|back\\slash blank|back\\slash blank|[/s/.s.PGSQL.5432]",
                "host=@abstract user=me|me|me|[@abstract/.s.PGSQL.5432]",
                "host=a,,/c port=1,2,3 user=me sslmode=disable|me|me|[a:1, DEFAULT:2, /c/.s.PGSQL.3]",
                "host=a,b port=7 user=me sslmode=disable|me|me|[a:7, b:7]",
                "host=a hostaddr=10.0.0.1 user=me sslmode=disable|me|me|[a (10.0.0.1):5432]",
                "hostaddr=::1 user=me sslmode=disable|me|me|[[::1]:5432]",
                "postgresql://me@%2Fvar%2Fsock/db|me|db|[/var/sock/.s.PGSQL.5432]",
                "postgres://me@a:1,[::1]:2,c/db?sslmode=disable|me|db|[a:1, [::1]:2, c:5432]",
                "postgresql:///db?host=/s&user=m%65&port=9|me|db|[/s/.s.PGSQL.9]",
                "postgresql://?host=/s&user=me|me|me|[/s/.s.PGSQL.5432]",
                "postgresql://m%40e@a?sslmode=disable|m@e|m@e|[a:5432]",
            })
    void connectionStrings_areReadAsLibpqDoes(String conninfo, String user, String database, String hosts) {
        ConnectionSettings settings = parse(conninfo);

        String socket = Files.isDirectory(Path.of("/var/run/postgresql")) ? "/var/run/postgresql" : "/tmp";
        assertThat(settings.user()).isEqualTo(user);
        assertThat(settings.database()).isEqualTo(database);
        assertThat(settings.hosts().toString()).isEqualTo(hosts.replace("DEFAULT:", socket + "/.s.PGSQL."));
        assertThat(settings.withDatabase("other").database()).isEqualTo("other");
        assertThat(settings.withDatabase("other").hosts()).isEqualTo(settings.hosts());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "hots=/s|no connection parameter \"hots\"; nearest: host",
                "host|no \"=\" behind the word at character 1",
                "user='a|the quote at character 6 does not end",
                "password=hunter2|a password has no place in a connection string HINT put it into a password file",
                "postgresql://me:hunter2@a/db|a password has no place",
                "postgresql://a/db?password=hunter2|a password has no place",
                "sslpassword=hunter2|encrypted client keys are not read",
                "postgresql://[::1/db|without its \"]\"",
                "postgresql://[::1]x:1/db|something between",
                "postgresql://a/db?nope|a URI parameter without \"=\"",
                "postgresql://a/%zz|two hex digits",
                "postgresql://a/%00|not by 00",
                "postgresql://a/%ff|no UTF-8",
                "host=a,b hostaddr=1.1.1.1|2 hosts, but 1 hostaddrs",
                "host=a,b port=1,2,3|2 hosts, but 3 ports",
                "port=0|port: expected a number from 1 to 65535",
                "port=65536|port: expected a number",
                "port=12x|port: expected a number",
                "host=a sslmode=prefer|sslmode=prefer is refused: it goes on without TLS where somebody on the way wants it so",
                "host=a sslmode=allow|sslmode=allow is refused",
                "host=a sslmode=on|sslmode: expected verify-full",
                "host=a sslrootcert=/no/such|the file of trusted certificates /no/such does not exist",
                "host=a sslrootcert=system sslmode=require|sslrootcert=system proves nothing",
                "host=a sslmode=require sslcert=/no/such|sslcert: /no/such does not exist",
                "host=a sslmode=require sslnegotiation=x|sslnegotiation: expected postgres or direct",
                "host=a sslmode=require ssl_min_protocol_version=TLSv1.1|expected TLSv1.2 or TLSv1.3",
                "host=a sslmode=require ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2|expected TLSv1.2",
                "host=a gssencmode=require|GSSAPI is not supported",
                "target_session_attrs=master|expected any, read-write",
                "load_balance_hosts=yes|expected disable or random",
                "channel_binding=yes|expected disable, prefer or require",
                "require_auth=md6|require_auth: expected a list",
                "require_auth=md5,!password|require_auth: expected a list",
                "connect_timeout=soon|connect_timeout: expected a number",
                "replication=true|Tidemark itself chooses",
                "client_encoding=LATIN1|always speaks UTF-8",
                "requirepeer=postgres|who owns a socket's server is not looked at",
                "sslcrl=/x|revocation lists are not read",
            })
    void whatIsWrong_isNamed_andNoValueThatMayBeASecretIsRepeated(String conninfo, String words) {
        assertThat(refusal(conninfo)).contains(words).doesNotContain("hunter2");
    }

    @Test
    void environment_givesWhatIsLeftOut() {
        Map<String, String> environment = Map.of(
                "PGHOST",
                "db1",
                "PGPORT",
                "7",
                "PGUSER",
                "env",
                "PGDATABASE",
                "envdb",
                "PGSSLMODE",
                "disable",
                "PGPASSWORD",
                "secret",
                "PGCLIENTENCODING",
                "LATIN1",
                "PGAPPNAME",
                "me",
                "PGTARGETSESSIONATTRS",
                "primary",
                "PGOPTIONS",
                "");

        ConnectionSettings settings = ConnectionSettings.parse("user=me", environment);

        assertThat(settings).hasToString("me at [db1:7], database envdb");
        assertThat(settings.applicationName()).isEqualTo("me");
        assertThat(settings.options()).isNull();
        assertThat(settings.targetSessionAttributes()).isEqualTo(TargetSessionAttributes.PRIMARY);
        assertThat(settings.password(settings.hosts().get(0), "envdb")).contains("secret");
        assertThatThrownBy(() -> ConnectionSettings.parse("host=a", Map.of("PGSSLMODE", "prefer")))
                .hasMessageContaining("sslmode=prefer is refused");
    }

    @Test
    void overTcp_tlsIsVerified_unlessWrittenOtherwise() throws IOException {
        Path roots = Files.writeString(directory.resolve("roots.pem"), "");

        assertThat(parse("host=a sslrootcert=" + roots).tls())
                .isEqualTo(new TlsSettings(
                        SslMode.VERIFY_FULL,
                        roots,
                        null,
                        null,
                        TlsSettings.Negotiation.POSTGRES,
                        TlsSettings.ServerName.SENT,
                        List.of("TLSv1.2", "TLSv1.3")));
        assertThat(parse("host=127.0.0.1 sslrootcert=system").tls())
                .extracting(TlsSettings::mode)
                .isEqualTo(SslMode.VERIFY_FULL);
        assertThat(parse("postgresql://a/db?ssl=true").tls())
                .extracting(TlsSettings::mode)
                .isEqualTo(SslMode.REQUIRE);
        assertThat(parse("host=a sslmode=require sslrootcert=" + roots + " sslsni=0")
                        .tls())
                .satisfies(tls -> {
                    assertThat(tls.mode()).isEqualTo(SslMode.VERIFY_CA);
                    assertThat(tls.serverName()).isEqualTo(TlsSettings.ServerName.NOT_SENT);
                });
        assertThat(parse("host=a sslmode=disable").tls()).isNull();
    }

    @Test
    void furtherParameters_areRead() {
        ConnectionSettings settings =
                parse("host=a sslmode=disable keepalives_idle=10 keepalives_interval=5 keepalives_count=3"
                        + " tcp_user_timeout=1500 connect_timeout=1 channel_binding=disable require_auth=!md5 application_name=x"
                        + " options=-cgeqo=off load_balance_hosts=random");

        assertThat(settings.keepAlive())
                .isEqualTo(new KeepAlive(
                        KeepAlive.Probes.ON,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        3,
                        Duration.ofMillis(1500)));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.authentication().channelBinding()).isEqualTo(ChannelBinding.DISABLED);
        assertThat(settings.authentication().methods()).containsExactlyInAnyOrder("password", "scram-sha-256", "none");
        assertThat(settings.isLoadBalanced()).isTrue();
        assertThat(settings.options()).isEqualTo("-cgeqo=off");
        assertThat(parse("keepalives=0").keepAlive().probes()).isEqualTo(KeepAlive.Probes.OFF);
    }

    @Test
    void serviceFile_givesWhatTheStringLeavesOut_andGoesBeforeTheEnvironment() throws IOException {
        Path file = Files.writeString(directory.resolve("services"), """
                # a comment
                [other]
                host=wrong

                [mine]
                host=/from/service
                user=service
                  port=7
                [after]
                nonsense
                """);
        Map<String, String> environment =
                Map.of("PGSERVICEFILE", file.toString(), "PGUSER", "env", "PGDATABASE", "envdb");

        assertThat(ConnectionSettings.parse("service=mine port=8", environment))
                .hasToString("service at [/from/service/.s.PGSQL.8], database envdb");
        assertThatThrownBy(() -> ConnectionSettings.parse("service=nobodys", environment))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("service nobodys is neither in " + file);
        assertThatThrownBy(() -> ConnectionSettings.parse("service=after", environment))
                .hasMessageContaining(file + ":10: expected keyword=value");
        Files.writeString(directory.resolve("pg_service.conf"), "[system]\nhost=/sys\nuser=s\n");
        assertThat(ConnectionSettings.parse(
                                "service=system",
                                Map.of("PGSERVICEFILE", directory + "/none", "PGSYSCONFDIR", directory.toString()))
                        .user())
                .isEqualTo("s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[s]\nhots=a", "[s]\nservice=t", "[s]\nldap://x=y"})
    void serviceFile_withNonsense_isRefusedByLine(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("services"), content);

        assertThatThrownBy(() -> ConnectionSettings.parse("service=s", Map.of("PGSERVICEFILE", file.toString())))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining(file + ":2");
    }

    @ParameterizedTest
    @CsvSource({
        "db1, 5432, db, me, first",
        "db1, 5433, db, me, star:port",
        "db2, 5432, db, me, back\\slash",
        "'a:b', 1, db, me, colon",
        "db1, 5432, db, you, any",
        "/var/run/postgresql, 5432, db, local, of localhost",
        "/elsewhere, 5432, db, local, any",
        "db1, 5432, replication, me, of replication",
    })
    void passwordFile_givesTheFirstLineThatFits(String host, int port, String database, String user, String expected)
            throws IOException {
        Path file = Files.writeString(directory.resolve("pass"), """
                # db1:5432:db:me:comment
                too:few:fields
                db1:5432:db:me:first
                db1:5432:replication:me:of replication
                db1:*:db:me:star\\:port
                db2:*:*:me:back\\\\slash
                a\\:b:1:db:me:colon
                localhost:5432:db:local:of localhost
                *:*:*:*:any
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        ConnectionSettings settings = parse("user=" + user + " passfile=" + file);

        assertThat(settings.password(new HostAddress(host, null, port), database))
                .contains(expected);
    }

    @Test
    void passwordFile_thatOthersCanRead_isRefused_andOneThatIsMissingIsNone() throws IOException {
        Path file = Files.writeString(directory.resolve("open"), "*:*:*:*:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        HostAddress host = new HostAddress("a", null, 1);

        assertThatThrownBy(() -> parse("passfile=" + file).password(host, "db"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.hint()).contains("chmod u=rw,go= " + file));
        assertThat(ConnectionSettings.parse("", Map.of("PGPASSFILE", directory + "/none"))
                        .password(host, "db"))
                .isEmpty();
    }
}
