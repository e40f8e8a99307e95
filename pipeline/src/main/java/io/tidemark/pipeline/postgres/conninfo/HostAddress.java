package io.tidemark.pipeline.postgres.conninfo;

import org.jspecify.annotations.Nullable;

/**
 * One place where a server may listen.
 *
 * @param host a name or an address, or the directory of a Unix socket (beginning with {@code /}, or {@code @} for an abstract one)
 * @param hostaddr the address to use instead of asking for the host's; the host stays what a certificate is checked against
 */
public record HostAddress(String host, @Nullable String hostaddr, int port) {

    /** Whether a Unix socket is meant. */
    public boolean isSocket() {
        return hostaddr == null && (host.startsWith("/") || host.startsWith("@"));
    }

    /** The socket's path: PostgreSQL names the file by the port. */
    public String socketPath() {
        return host + "/.s.PGSQL." + port;
    }

    /** For messages: {@code db1:5432} or the socket's path. */
    @Override
    public String toString() {
        return isSocket() ? socketPath() : host + (hostaddr == null ? "" : " (" + hostaddr + ")") + ":" + port;
    }
}
