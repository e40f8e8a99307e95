package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a restored server must pass besides having the right rows: amcheck on every table and B-tree, page checksums. */
final class Soundness {
    private Soundness() {}

    /** The server takes writes and its ledger made the amcheck extension. */
    static void check(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("""
                    SELECT bt_index_parent_check(i.indexrelid, heapallindexed => true, rootdescend => true)
                    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
                    WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid
                    """);
        }
        assertThat(lines(session, """
                        SELECT c.relname || ' block ' || h.blkno || ': ' || h.msg
                        FROM pg_class c JOIN pg_am a ON a.oid = c.relam, LATERAL verify_heapam(c.oid) h
                        WHERE c.relkind IN ('r', 't', 'm') AND a.amname = 'heap' AND c.relpersistence = 'p'
                        """)).as("what verify_heapam finds").isEmpty();
        assertThat(lines(session, "SELECT sum(checksum_failures)::text FROM pg_stat_database"))
                .as("pages with a wrong checksum")
                .containsExactly("0");
    }

    private static List<String> lines(Connection session, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }
}
