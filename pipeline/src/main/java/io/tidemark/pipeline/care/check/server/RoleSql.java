package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Grant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The SQL that makes the role that Tidemark connects as, and what is missing of it. No superuser is needed. */
final class RoleSql {
    private static final String FUNCTIONS =
            "GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal(), pg_catalog.pg_create_restore_point(text) TO ";

    private RoleSql() {}

    /** Everything, for a role that does not exist yet. */
    static String whole(String role, String database) {
        String name = identifier(role);
        return "CREATE ROLE " + name + " LOGIN REPLICATION; GRANT pg_monitor TO " + name + "; " + FUNCTIONS + name
                + ";  (in database " + database + ")";
    }

    /** What gives a role what it lacks; grants on functions count in one database only. */
    static String missing(String role, String database, Set<Grant> lacking) {
        String name = identifier(role);
        List<String> statements = new ArrayList<>();
        if (lacking.contains(Grant.REPLICATION)) {
            statements.add("ALTER ROLE " + name + " REPLICATION;");
        }
        if (lacking.contains(Grant.READ_SETTINGS) || lacking.contains(Grant.READ_STATISTICS)) {
            statements.add("GRANT pg_monitor TO " + name + ";");
        }
        Set<Grant> functions = EnumSet.of(Grant.SWITCH_WAL, Grant.CREATE_RESTORE_POINT);
        functions.retainAll(lacking);
        if (!functions.isEmpty()) {
            statements.add(FUNCTIONS + name + ";  (in database " + database + ")");
        }
        return String.join(" ", statements);
    }

    /** As SQL needs it: quoted where it is not a plain lower-case word. */
    static String identifier(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
