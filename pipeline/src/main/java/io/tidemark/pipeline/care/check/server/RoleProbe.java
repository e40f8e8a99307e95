package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Grant;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.FailureKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Whether the role may do what backup (REPLICATION) and check (the rest) do; a role of its own is enough. */
final class RoleProbe implements Probe.OfServer {
    private static final Set<Grant> FOR_CHECK =
            EnumSet.of(Grant.READ_SETTINGS, Grant.READ_STATISTICS, Grant.SWITCH_WAL, Grant.CREATE_RESTORE_POINT);

    @Override
    public String name() {
        return "role";
    }

    @Override
    public List<Finding> findings(ServerState server) {
        String role = RoleSql.identifier(server.role());
        if (server.may(Grant.SUPERUSER)) {
            return List.of(Finding.ok(
                    name(),
                    role + " is a superuser, which is more than Tidemark needs. A role of its own: "
                            + RoleSql.whole("tidemark", server.database())));
        }
        List<Finding> findings = new ArrayList<>();
        if (!server.may(Grant.REPLICATION)) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.POSTGRES,
                    role + " lacks REPLICATION, without which there is no base backup",
                    RoleSql.missing(server.role(), server.database(), EnumSet.of(Grant.REPLICATION))));
        }
        Set<Grant> lacking = EnumSet.copyOf(FOR_CHECK);
        lacking.removeIf(server::may);
        if (!lacking.isEmpty()) {
            findings.add(Finding.warning(
                    name(),
                    role + " lacks " + words(lacking) + ", without which check sees and tries less",
                    RoleSql.missing(server.role(), server.database(), lacking)));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(name(), role + " may do what backup and check need, and no more"));
        }
        return findings;
    }

    private static String words(Set<Grant> grants) {
        return String.join(", ", grants.stream().map(RoleProbe::word).toList());
    }

    private static String word(Grant grant) {
        return switch (grant) {
            case SUPERUSER -> "SUPERUSER";
            case REPLICATION -> "REPLICATION";
            case READ_SETTINGS -> "pg_read_all_settings";
            case READ_STATISTICS -> "pg_read_all_stats";
            case SWITCH_WAL -> "EXECUTE on pg_switch_wal()";
            case CREATE_RESTORE_POINT -> "EXECUTE on pg_create_restore_point(text)";
        };
    }
}
