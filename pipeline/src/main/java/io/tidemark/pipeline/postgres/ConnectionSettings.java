package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.conninfo.AuthenticationRules;
import io.tidemark.pipeline.postgres.conninfo.Conninfo;
import io.tidemark.pipeline.postgres.conninfo.HostAddress;
import io.tidemark.pipeline.postgres.conninfo.KeepAlive;
import io.tidemark.pipeline.postgres.conninfo.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a server is reached and as whom: immutable, and says nothing of passwords when printed. */
public final class ConnectionSettings {
    private final Conninfo conninfo;
    private final List<HostAddress> hosts;
    private final TargetSessionAttributes target;
    private final String database;
    private final AuthenticationRules authentication;
    private final KeepAlive keepAlive;
    private final Duration connectTimeout;
    private final boolean loadBalanced;
    private final @Nullable TlsSettings tls;

    private ConnectionSettings(Conninfo conninfo, TargetSessionAttributes target, String database) {
        this.conninfo = conninfo;
        this.target = target;
        this.database = database;
        this.hosts = conninfo.hosts();
        this.authentication = conninfo.authentication();
        this.keepAlive = conninfo.keepAlive();
        this.connectTimeout = conninfo.connectTimeout();
        this.loadBalanced = conninfo.isLoadBalanced();
        this.tls = hosts.stream().allMatch(HostAddress::isSocket) ? null : conninfo.tls();
    }

    /**
     * Blocks for small files where they are named: a service file.
     *
     * @param conninfo libpq's keywords or URI; empty for the defaults
     * @param environment for the PG* variables
     * @throws UsageError where something cannot be read, is unknown, or has no place here, such as a password
     */
    public static ConnectionSettings parse(String conninfo, Map<String, String> environment) {
        Conninfo read = Conninfo.read(
                conninfo, environment, Path.of(System.getProperty("user.home")), System.getProperty("user.name"));
        return new ConnectionSettings(
                read, TargetSessionAttributes.parse(read.targetSessionAttributes()), read.database());
    }

    public ConnectionSettings withDatabase(String other) {
        return new ConnectionSettings(conninfo, target, other);
    }

    public ConnectionSettings withTargetSessionAttributes(TargetSessionAttributes attributes) {
        return new ConnectionSettings(conninfo, attributes, database);
    }

    /** In the order in which they are written. */
    public List<HostAddress> hosts() {
        return hosts;
    }

    public TargetSessionAttributes targetSessionAttributes() {
        return target;
    }

    public String user() {
        return conninfo.user();
    }

    public String database() {
        return database;
    }

    boolean isLoadBalanced() {
        return loadBalanced;
    }

    AuthenticationRules authentication() {
        return authentication;
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    @Nullable
    TlsSettings tls() {
        return tls;
    }

    String applicationName() {
        return conninfo.applicationName();
    }

    @Nullable
    String options() {
        return conninfo.options();
    }

    /** Blocks for the password file. */
    Optional<String> password(HostAddress host, String databaseInFile) {
        String given = conninfo.password();
        return given != null ? Optional.of(given) : conninfo.passwordFile().password(host, databaseInFile, user());
    }

    @Override
    public String toString() {
        return user() + " at " + hosts + ", database " + database;
    }
}
