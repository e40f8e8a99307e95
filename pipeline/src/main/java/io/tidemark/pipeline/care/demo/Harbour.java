package io.tidemark.pipeline.care.demo;

import static io.tidemark.pipeline.care.demo.Narrator.fill;

import io.tidemark.pipeline.config.PostgresFailed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The demo's data: a harbour office's books. Rows are made by the server from their numbers, the same ones in every run.
 * Borrows a session for each act; never closes it.
 */
final class Harbour {
    /** In the order of their references. {@link #MISTAKE} is the one that gets lost. */
    static final List<String> TABLES = List.of("ship", "port_call", "cargo");

    static final String MISTAKE = "cargo";

    private final Connection session;

    Harbour(Connection session) {
        this.session = session;
    }

    /** The empty books. */
    void open() {
        execute("""
                CREATE TABLE ship (
                    id integer PRIMARY KEY, name text NOT NULL, flag char(2) NOT NULL, tonnage integer NOT NULL);
                CREATE TABLE port_call (
                    id integer PRIMARY KEY, ship integer NOT NULL REFERENCES ship,
                    berth text NOT NULL, arrived timestamptz NOT NULL, remark text NOT NULL);
                CREATE TABLE cargo (
                    id integer PRIMARY KEY, port_call integer NOT NULL,
                    what text NOT NULL, tons numeric(8, 2) NOT NULL, seal text NOT NULL);
                CREATE INDEX ON port_call (ship, arrived);
                CREATE INDEX ON cargo (port_call);
                """);
    }

    void registerShips(int number) {
        execute(fill("""
                INSERT INTO ship
                SELECT n, 'MV ' || initcap(left(translate(md5(n::text), '0123456789', 'aeiouaeiou'), 9)),
                       (ARRAY['FR', 'NL', 'PT', 'IS', 'JP'])[1 + n %% 5], 800 + n * 7919 %% 190000
                FROM generate_series(1, %d) n
                """, number));
    }

    /** Ships come in, {@code number} of them, each with two pieces of cargo, in transactions of 1,000. */
    void portCalls(int number) {
        long first = scalar("SELECT coalesce(max(id), 0) + 1 FROM port_call");
        for (long next = first; next < first + number; next += 1_000) {
            long last = Math.min(next + 999, first + number - 1);
            transaction(portCallsSql(next, last), cargoSql(next, last));
        }
    }

    /** Ships come in after the cargo's book is lost. */
    void portCallsWithoutCargo(int number) {
        long first = scalar("SELECT coalesce(max(id), 0) + 1 FROM port_call");
        transaction(portCallsSql(first, first + number - 1));
    }

    /** Corrections, so that pages change and not only grow. */
    void corrections(int every) {
        transaction(
                fill("UPDATE cargo SET tons = tons + 0.5 WHERE id %% %d = 0", every),
                fill("UPDATE port_call SET remark = remark || ', inspected' WHERE id %% %d = 0", every),
                fill("DELETE FROM cargo WHERE id %% %d = 1", every * 3));
    }

    void restorePoint(String name) {
        execute("SELECT pg_create_restore_point('" + name + "')");
    }

    void theMistake() {
        execute("DROP TABLE " + MISTAKE);
    }

    /** The state of the tables that exist, in the order of {@link #TABLES}. */
    List<TableState> states() {
        List<TableState> states = new ArrayList<>();
        for (String table : TABLES) {
            if (scalar("SELECT count(*) FROM pg_class WHERE oid = to_regclass('" + table + "')") == 1) {
                states.add(state(table));
            }
        }
        return states;
    }

    private TableState state(String table) {
        String sql = fill("""
                SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(t::text, E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
                FROM %s t
                """, table);
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new TableState(table, row.getLong(1), row.getString(2));
        } catch (SQLException e) {
            throw new PostgresFailed("cannot read table " + table + ": " + e.getMessage(), e);
        }
    }

    /** Closes the current WAL segment and waits until everything before it is archived. */
    void archiveEverything() {
        String segment = text("SELECT pg_walfile_name(pg_switch_wal())");
        String done =
                fill("SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= '%s' COLLATE \"C\"", segment);
        for (int tenths = 0; scalar(done) == 0; tenths++) {
            if (tenths > 1_200) {
                throw new PostgresFailed(
                        "segment " + segment + " was not archived within two minutes; the server says: "
                                + text("SELECT coalesce(last_failed_wal, 'nothing failed') FROM pg_stat_archiver"));
            }
            execute("SELECT pg_sleep(0.1)");
        }
    }

    long archivedSegments() {
        return scalar("SELECT archived_count FROM pg_stat_archiver");
    }

    String walPosition() {
        return text("SELECT pg_current_wal_lsn()");
    }

    /** Waits until the server has finished its recovery and takes writes. */
    void untilPromoted() {
        for (int tenths = 0; scalar("SELECT count(*) WHERE pg_is_in_recovery()") == 1; tenths++) {
            if (tenths > 1_800) {
                throw new PostgresFailed("the restored server was still in recovery after three minutes");
            }
            execute("SELECT pg_sleep(0.1)");
        }
    }

    private static String portCallsSql(long first, long last) {
        return fill("""
               INSERT INTO port_call
               SELECT n, 1 + n * 31 %% (SELECT count(*) FROM ship), 'B' || n %% 40,
                      timestamptz '2026-01-01 00:00+00' + n * interval '7 minutes', 'draught ' || 4 + n %% 11
               FROM generate_series(%d, %d) n
               """, first, last);
    }

    private static String cargoSql(long first, long last) {
        return fill("""
               INSERT INTO cargo
               SELECT n, (n + 1) / 2, (ARRAY['grain', 'timber', 'cars', 'wine', 'salt'])[1 + n %% 5],
                      n %% 900 + 0.25, encode(sha256(n::text::bytea), 'hex')
               FROM generate_series(%d, %d) n
               """, 2 * first - 1, 2 * last);
    }

    private void transaction(String... statements) {
        execute("BEGIN;" + String.join(";", statements) + ";COMMIT");
    }

    private void execute(String sql) {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new PostgresFailed("the server refused a statement of the demo: " + e.getMessage(), e);
        }
    }

    private long scalar(String sql) {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new PostgresFailed("the server refused a question of the demo: " + e.getMessage(), e);
        }
    }
}
