package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One place where a server may listen.
 *
 * @param host a name or an address, or the directory of a Unix socket (beginning with {@code /}, or {@code @} for an abstract one)
 * @param hostaddr the address to use instead of asking for the host's; the host stays what a certificate is checked against
 */
public record HostAddress(String host, @Nullable String hostaddr, int port) {
    private static final String DEBIANS_SOCKETS = "/var/run/postgresql";
    private static final Set<String> DEFAULT_SOCKETS = Set.of(DEBIANS_SOCKETS, "/run/postgresql", "/tmp");

    /** Lists as libpq takes them: as many host addresses as hosts, one port or as many; what is empty is the default. */
    static List<HostAddress> of(String hosts, String hostaddrs, String ports) {
        List<String> names = hosts.isEmpty() ? List.of() : List.of(hosts.split(",", -1));
        List<String> addresses = hostaddrs.isEmpty() ? List.of() : List.of(hostaddrs.split(",", -1));
        List<String> numbers = List.of(ports.split(",", -1));
        int count = Math.max(1, Math.max(names.size(), addresses.size()));
        if (!names.isEmpty() && !addresses.isEmpty() && names.size() != addresses.size()) {
            throw new UsageError(names.size() + " hosts, but " + addresses.size() + " hostaddrs");
        }
        if (numbers.size() != 1 && numbers.size() != count) {
            throw new UsageError(count + " hosts, but " + numbers.size() + " ports");
        }
        List<HostAddress> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String address = i < addresses.size() && !addresses.get(i).isEmpty() ? addresses.get(i) : null;
            String name = i < names.size() ? names.get(i) : "";
            String host = !name.isEmpty() ? name : address != null ? address : defaultSockets();
            list.add(new HostAddress(host, address, port(numbers.get(numbers.size() == 1 ? 0 : i))));
        }
        return list;
    }

    private static String defaultSockets() {
        return Files.isDirectory(Path.of(DEBIANS_SOCKETS)) ? DEBIANS_SOCKETS : "/tmp";
    }

    private static int port(String text) {
        if (text.isEmpty()) {
            return 5432;
        }
        int port = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw new UsageError("port: expected a number from 1 to 65535");
        }
        return port;
    }

    /** Whether a Unix socket is meant. */
    public boolean isSocket() {
        return hostaddr == null && (host.startsWith("/") || host.startsWith("@"));
    }

    /** The socket's path: PostgreSQL names the file by the port. */
    public String socketPath() {
        return host + "/.s.PGSQL." + port;
    }

    /** What a password file calls it: sockets in the usual place are {@code localhost}. */
    String inPasswordFile() {
        return isSocket() && DEFAULT_SOCKETS.contains(host) ? "localhost" : host;
    }

    /** For messages: {@code db1:5432} or the socket's path. */
    @Override
    public String toString() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return isSocket()
                ? socketPath()
                : name + (hostaddr == null || hostaddr.equals(host) ? "" : " (" + hostaddr + ")") + ":" + port;
    }
}
