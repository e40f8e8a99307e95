package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by the name of a service. Blocks. Source: PostgreSQL 17, libpq, The Connection Service File. */
final class ServiceFile {
    private static final String NAME = "pg_service.conf";
    private static final long MOST_BYTES = 1 << 20;

    private ServiceFile() {}

    /** Looks into the user's own file, then into the system's. */
    static Map<Keyword, String> read(String service, Map<String, String> environment, Path home) {
        String named = environment.get("PGSERVICEFILE");
        Path own = named == null || named.isEmpty() ? home.resolve("." + NAME) : Path.of(named);
        Path system = Path.of(environment.getOrDefault("PGSYSCONFDIR", "/etc/postgresql-common"))
                .resolve(NAME);
        for (Path file : List.of(own, system)) {
            Map<Keyword, String> values = Files.exists(file) ? in(file, service) : null;
            if (values != null) {
                return values;
            }
        }
        throw new UsageError("service " + service + " is neither in " + own + " nor in " + system);
    }

    private static @Nullable Map<Keyword, String> in(Path file, String service) {
        Map<Keyword, String> values = null;
        int number = 0;
        for (String raw : lines(file)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                if (values != null) {
                    return values;
                }
                values = line.equals("[" + service + "]") ? new EnumMap<>(Keyword.class) : null;
            } else if (values != null) {
                put(values, line, file + ":" + number);
            }
        }
        return values;
    }

    private static void put(Map<Keyword, String> values, String line, String where) {
        int equals = line.indexOf('=');
        if (equals < 0 || line.startsWith("ldap")) {
            throw new UsageError(where + ": expected keyword=value" + (equals < 0 ? "" : ", LDAP is not asked"));
        }
        Keyword keyword = Keyword.of(line.substring(0, equals), where);
        if (keyword == Keyword.SERVICE) {
            throw new UsageError(where + ": a service cannot name another");
        }
        values.put(keyword, line.substring(equals + 1));
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new UsageError("service file " + file + " is longer than " + MOST_BYTES + " bytes");
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UsageError("service file " + file + " cannot be read: " + e, e);
        }
    }
}
