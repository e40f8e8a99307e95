package io.tidemark.pipeline.care.check.server;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidemark.pipeline.care.check.probe.Grant;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.probe.ServerState.Recovery;
import io.tidemark.pipeline.postgres.ArchiverState;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.QueryResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** Reads a server's state by queries that every role may ask. */
final class StateReading {
    private static final List<String> SETTINGS = List.of(
            "archive_command",
            "archive_library",
            "archive_mode",
            "archive_timeout",
            "config_file",
            "data_checksums",
            "data_directory",
            "fsync",
            "full_page_writes",
            "max_wal_senders",
            "max_wal_size",
            "pg_tde.wal_encrypt",
            "recovery_min_apply_delay",
            "restore_command",
            "shared_preload_libraries",
            "wal_level",
            "wal_segment_size");

    private static final String SETTINGS_QUERY =
            "SELECT name, setting, pending_restart FROM pg_catalog.pg_settings WHERE name IN ("
                    + SETTINGS.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")) + ")";

    private static final String ROLE_QUERY = """
            SELECT current_user AS role, pg_catalog.current_database() AS database,
                   pg_catalog.pg_is_in_recovery() AS recovering, rolsuper, rolreplication,
                   pg_catalog.pg_has_role(current_user, 'pg_read_all_settings', 'USAGE') AS settings,
                   pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS statistics,
                   pg_catalog.has_function_privilege('pg_catalog.pg_switch_wal()', 'EXECUTE') AS switch,
                   pg_catalog.has_function_privilege('pg_catalog.pg_create_restore_point(text)', 'EXECUTE') AS point,
                   (SELECT system_identifier FROM pg_catalog.pg_control_system()) AS system,
                   (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'walsender') AS senders,
                   extract(epoch FROM pg_catalog.clock_timestamp()) AS clock
              FROM pg_catalog.pg_roles WHERE rolname = current_user""";

    private final PostgresConnection connection;
    private final Clock clock;

    StateReading(PostgresConnection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    Mono<ServerState> state() {
        return connection
                .query(SETTINGS_QUERY)
                .flatMap(settings -> ArchiverState.read(connection)
                        .flatMap(archiver -> Mono.defer(() -> {
                            Instant asked = clock.instant();
                            return connection.query(ROLE_QUERY).map(role -> {
                                Duration answered = Duration.between(asked, clock.instant());
                                return state(
                                        settings, archiver, role.single(), asked.plus(answered.dividedBy(2)), answered);
                            });
                        })));
    }

    private ServerState state(
            QueryResult settings, ArchiverState archiver, QueryResult.Row row, Instant ours, Duration answered) {
        Map<String, String> values = new HashMap<>();
        Set<String> pending = new HashSet<>();
        for (QueryResult.Row setting : settings.rows()) {
            String name = text(setting, "name");
            values.put(name, text(setting, "setting"));
            if (isTrue(setting, "pending_restart")) {
                pending.add(name);
            }
        }
        Set<Grant> grants = grants(row);
        String system = row.text("system");
        return new ServerState(
                connection.server().where(),
                requireNonNullElse(connection.server().parameters().get("server_version"), "?"),
                connection.server().versionNumber(),
                text(row, "role"),
                grants,
                text(row, "database"),
                isTrue(row, "recovering") ? Recovery.STANDBY : Recovery.PRIMARY,
                values,
                pending,
                system == null ? null : Long.parseLong(system),
                grants.contains(Grant.SUPERUSER) || grants.contains(Grant.READ_STATISTICS)
                        ? OptionalLong.of(Long.parseLong(text(row, "senders")))
                        : OptionalLong.empty(),
                archiver,
                requireNonNull(row.epoch("clock")),
                ours,
                answered);
    }

    private static Set<Grant> grants(QueryResult.Row row) {
        Set<Grant> grants = EnumSet.noneOf(Grant.class);
        Map<String, Grant> columns = Map.of(
                "rolsuper", Grant.SUPERUSER,
                "rolreplication", Grant.REPLICATION,
                "settings", Grant.READ_SETTINGS,
                "statistics", Grant.READ_STATISTICS,
                "switch", Grant.SWITCH_WAL,
                "point", Grant.CREATE_RESTORE_POINT);
        columns.forEach((column, grant) -> {
            if (isTrue(row, column)) {
                grants.add(grant);
            }
        });
        return grants;
    }

    private static boolean isTrue(QueryResult.Row row, String column) {
        return "t".equals(row.text(column));
    }

    private static String text(QueryResult.Row row, String column) {
        return requireNonNullElse(row.text(column), "");
    }
}
