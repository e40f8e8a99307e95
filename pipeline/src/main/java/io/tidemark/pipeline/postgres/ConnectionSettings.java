package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.postgres.conninfo.HostAddress;
import java.util.List;
import java.util.Map;

/** How a server is reached and as whom: immutable. Holds no password: that is looked up when a connection is made. */
public final class ConnectionSettings {
    private final List<HostAddress> hosts;
    private final TargetSessionAttributes target;

    private ConnectionSettings(List<HostAddress> hosts, TargetSessionAttributes target) {
        this.hosts = List.copyOf(hosts);
        this.target = target;
    }

    public static ConnectionSettings parse(String conninfo, Map<String, String> environment) {
        throw new UnsupportedOperationException(conninfo + environment.size());
    }

    public ConnectionSettings withDatabase(String database) {
        throw new UnsupportedOperationException(database);
    }

    public ConnectionSettings withTargetSessionAttributes(TargetSessionAttributes attributes) {
        return new ConnectionSettings(hosts, attributes);
    }

    /** In the order in which they are tried. */
    public List<HostAddress> hosts() {
        return hosts;
    }

    public TargetSessionAttributes targetSessionAttributes() {
        return target;
    }
}
