package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.Nearest;
import io.tidemark.pipeline.config.UsageError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** libpq's connection parameters. Source: PostgreSQL 17 and 18, libpq, Parameter Key Words; Environment Variables. */
enum Keyword {
    APPLICATION_NAME("PGAPPNAME"),
    CHANNEL_BINDING("PGCHANNELBINDING"),
    CLIENT_ENCODING("PGCLIENTENCODING", "Tidemark always speaks UTF-8"),
    CONNECT_TIMEOUT("PGCONNECT_TIMEOUT"),
    DBNAME("PGDATABASE"),
    FALLBACK_APPLICATION_NAME(null),
    GSSDELEGATION("PGGSSDELEGATION", "GSSAPI is not supported"),
    GSSENCMODE("PGGSSENCMODE"),
    GSSLIB("PGGSSLIB", "GSSAPI is not supported"),
    HOST("PGHOST"),
    HOSTADDR("PGHOSTADDR"),
    KEEPALIVES(null),
    KEEPALIVES_COUNT(null),
    KEEPALIVES_IDLE(null),
    KEEPALIVES_INTERVAL(null),
    KRBSRVNAME("PGKRBSRVNAME", "GSSAPI is not supported"),
    LOAD_BALANCE_HOSTS("PGLOADBALANCEHOSTS"),
    OPTIONS("PGOPTIONS"),
    PASSFILE("PGPASSFILE"),
    PASSWORD("PGPASSWORD"),
    PORT("PGPORT"),
    REPLICATION(null, "Tidemark itself chooses what each connection is for"),
    REQUIREPEER("PGREQUIREPEER", "who owns a socket's server is not looked at"),
    REQUIRE_AUTH("PGREQUIREAUTH"),
    SERVICE("PGSERVICE"),
    SSLCERT("PGSSLCERT"),
    SSLCERTMODE("PGSSLCERTMODE", "a client certificate is sent where sslcert names one"),
    SSLCOMPRESSION("PGSSLCOMPRESSION", "compression inside TLS is unsafe"),
    SSLCRL("PGSSLCRL", "revocation lists are not read"),
    SSLCRLDIR("PGSSLCRLDIR", "revocation lists are not read"),
    SSLKEY("PGSSLKEY"),
    SSLMODE("PGSSLMODE"),
    SSLNEGOTIATION("PGSSLNEGOTIATION"),
    SSLPASSWORD(null, "encrypted client keys are not read"),
    SSLROOTCERT("PGSSLROOTCERT"),
    SSLSNI("PGSSLSNI"),
    SSL_MAX_PROTOCOL_VERSION("PGSSLMAXPROTOCOLVERSION"),
    SSL_MIN_PROTOCOL_VERSION("PGSSLMINPROTOCOLVERSION"),
    TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS"),
    TCP_USER_TIMEOUT(null),
    USER("PGUSER");

    private final @Nullable String variable;
    private final @Nullable String refusal;

    Keyword(@Nullable String variable) {
        this(variable, null);
    }

    Keyword(@Nullable String variable, @Nullable String refusal) {
        this.variable = variable;
        this.refusal = refusal;
    }

    /** By its name in a connection string; an error names what was probably meant. */
    static Keyword of(String name, String where) {
        List<String> names = new ArrayList<>();
        for (Keyword keyword : values()) {
            if (keyword.toString().equals(name)) {
                keyword.requireSupported(where);
                return keyword;
            }
            names.add(keyword.toString());
        }
        throw new UsageError(where + ": no connection parameter \"" + name + "\""
                + Nearest.of(name, names).map(near -> "; nearest: " + near).orElse(""));
    }

    private void requireSupported(String where) {
        if (refusal != null) {
            throw new UsageError(where + ": " + this + " has no place here: " + refusal, "leave it out");
        }
    }

    /** What the environment says; parameters that have no place here are passed over, for they are meant for others too. */
    @Nullable
    String in(Map<String, String> environment) {
        return variable == null || refusal != null ? null : environment.get(variable);
    }

    /** As in a connection string. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
