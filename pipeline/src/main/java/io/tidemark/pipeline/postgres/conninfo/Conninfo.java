package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connection parameters, each from where it is written first: connection string, service file, environment, libpq's default. Never
 * printed: a password may be among them.
 */
public final class Conninfo {
    private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

    private final Map<Keyword, String> values;
    private final Path home;
    private final String systemUser;

    private Conninfo(Map<Keyword, String> values, Path home, String systemUser) {
        this.values = values;
        this.home = home;
        this.systemUser = systemUser;
    }

    /**
     * Blocks where a service is named.
     *
     * @param text libpq's keywords or URI, without a password
     */
    public static Conninfo read(String text, Map<String, String> environment, Path home, String systemUser) {
        Map<Keyword, String> values = ConnectionText.parse(text);
        if (values.containsKey(Keyword.PASSWORD)) {
            throw new UsageError(
                    "a password has no place in a connection string",
                    "put it into a password file (~/.pgpass, passfile=), or into the variable PGPASSWORD");
        }
        String service = values.getOrDefault(Keyword.SERVICE, environment.getOrDefault("PGSERVICE", ""));
        if (!service.isEmpty()) {
            ServiceFile.read(service, environment, home).forEach(values::putIfAbsent);
        }
        for (Keyword keyword : Keyword.values()) {
            String value = keyword.in(environment);
            if (value != null) {
                values.putIfAbsent(keyword, value);
            }
        }
        values.values().removeIf(String::isEmpty);
        return new Conninfo(new EnumMap<>(values.isEmpty() ? new EnumMap<>(Keyword.class) : values), home, systemUser);
    }

    private String get(Keyword keyword, String byDefault) {
        return values.getOrDefault(keyword, byDefault);
    }

    private @Nullable String get(Keyword keyword) {
        return values.get(keyword);
    }

    public List<HostAddress> hosts() {
        return HostAddress.of(get(Keyword.HOST, ""), get(Keyword.HOSTADDR, ""), get(Keyword.PORT, ""));
    }

    public String user() {
        return get(Keyword.USER, systemUser);
    }

    public String database() {
        return get(Keyword.DBNAME, user());
    }

    /** From the environment or a service file; null where a password file is looked into. */
    public @Nullable String password() {
        return get(Keyword.PASSWORD);
    }

    public PasswordFile passwordFile() {
        String named = get(Keyword.PASSFILE);
        return new PasswordFile(named == null ? home.resolve(".pgpass") : Path.of(named));
    }

    public String applicationName() {
        return get(Keyword.APPLICATION_NAME, get(Keyword.FALLBACK_APPLICATION_NAME, "tidemark"));
    }

    /** The server's command-line options for the session; null for none. */
    public @Nullable String options() {
        return get(Keyword.OPTIONS);
    }

    /** For one address, up to the end of the session's start. */
    public Duration connectTimeout() {
        int seconds = number(Keyword.CONNECT_TIMEOUT, 0);
        return Duration.ofSeconds(seconds <= 0 ? 30 : Math.max(2, seconds));
    }

    public AuthenticationRules authentication() {
        return AuthenticationRules.of(get(Keyword.CHANNEL_BINDING, "prefer"), get(Keyword.REQUIRE_AUTH, ""));
    }

    /** In {@code target_session_attrs}' words. */
    public String targetSessionAttributes() {
        return get(Keyword.TARGET_SESSION_ATTRS, "any");
    }

    /** Whether hosts are tried in an order of chance. */
    public boolean isLoadBalanced() {
        return switch (get(Keyword.LOAD_BALANCE_HOSTS, "disable")) {
            case "disable" -> false;
            case "random" -> true;
            default -> throw new UsageError("load_balance_hosts: expected disable or random");
        };
    }

    public KeepAlive keepAlive() {
        return new KeepAlive(
                number(Keyword.KEEPALIVES, 1) == 0 ? KeepAlive.Probes.OFF : KeepAlive.Probes.ON,
                seconds(Keyword.KEEPALIVES_IDLE),
                seconds(Keyword.KEEPALIVES_INTERVAL),
                values.containsKey(Keyword.KEEPALIVES_COUNT) ? number(Keyword.KEEPALIVES_COUNT, 0) : null,
                values.containsKey(Keyword.TCP_USER_TIMEOUT)
                        ? Duration.ofMillis(number(Keyword.TCP_USER_TIMEOUT, 0))
                        : null);
    }

    private @Nullable Duration seconds(Keyword keyword) {
        return values.containsKey(keyword) ? Duration.ofSeconds(number(keyword, 0)) : null;
    }

    private int number(Keyword keyword, int byDefault) {
        String text = get(keyword);
        if (text == null) {
            return byDefault;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new UsageError(keyword + ": expected a number", e);
        }
    }

    /** For connections over TCP; null where TLS is written off. */
    public @Nullable TlsSettings tls() {
        if (get(Keyword.GSSENCMODE, "disable").equals("require")) {
            throw new UsageError("gssencmode=require: GSSAPI is not supported");
        }
        SslMode mode = SslMode.parse(get(Keyword.SSLMODE, "verify-full"));
        if (mode == SslMode.DISABLE) {
            return null;
        }
        String roots = get(Keyword.SSLROOTCERT);
        Path own = home.resolve(".postgresql");
        boolean system = "system".equals(roots);
        if (system && mode != SslMode.VERIFY_FULL) {
            throw new UsageError(
                    "sslrootcert=system proves nothing with sslmode=" + mode
                            + ": anybody gets a certificate for some name",
                    "write sslmode=verify-full");
        }
        // A file of roots makes even "require" look at the certificate, as libpq does.
        boolean verified = mode != SslMode.REQUIRE || roots != null;
        Path file = system || !verified ? null : roots != null ? Path.of(roots) : own.resolve("root.crt");
        if (file != null && !Files.exists(file)) {
            throw new UsageError(
                    "sslmode=" + mode + ": the file of trusted certificates " + file + " does not exist",
                    "name the file of your certificate authority (sslrootcert=FILE), or sslrootcert=system for the"
                            + " system's; where the way to the server is safe, write sslmode=disable");
        }
        Path certificate = present(Keyword.SSLCERT, own.resolve("postgresql.crt"));
        return new TlsSettings(
                mode == SslMode.REQUIRE && verified ? SslMode.VERIFY_CA : mode,
                file,
                certificate,
                certificate == null ? null : present(Keyword.SSLKEY, own.resolve("postgresql.key")),
                negotiation(),
                get(Keyword.SSLSNI, "1").equals("0") ? TlsSettings.ServerName.NOT_SENT : TlsSettings.ServerName.SENT,
                protocols());
    }

    private @Nullable Path present(Keyword keyword, Path byDefault) {
        String named = get(keyword);
        if (named != null && !Files.exists(Path.of(named))) {
            throw new UsageError(keyword + ": " + named + " does not exist");
        }
        return named != null ? Path.of(named) : Files.exists(byDefault) ? byDefault : null;
    }

    private TlsSettings.Negotiation negotiation() {
        return switch (get(Keyword.SSLNEGOTIATION, "postgres")) {
            case "postgres" -> TlsSettings.Negotiation.POSTGRES;
            case "direct" -> TlsSettings.Negotiation.DIRECT;
            default -> throw new UsageError("sslnegotiation: expected postgres or direct");
        };
    }

    private List<String> protocols() {
        String least = get(Keyword.SSL_MIN_PROTOCOL_VERSION, PROTOCOLS.get(0));
        String most = get(Keyword.SSL_MAX_PROTOCOL_VERSION, PROTOCOLS.get(1));
        int from = PROTOCOLS.indexOf(least);
        int to = PROTOCOLS.indexOf(most);
        if (from < 0 || to < from) {
            throw new UsageError("ssl_min_protocol_version and ssl_max_protocol_version: expected TLSv1.2 or TLSv1.3");
        }
        return PROTOCOLS.subList(from, to + 1);
    }
}
