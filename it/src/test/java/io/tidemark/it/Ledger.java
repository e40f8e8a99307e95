package io.tidemark.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The load generator and its log. One writer makes one transaction after the other, each of a few inserts, updates and
 * deletes and one line in {@code journal}; the log keeps, for each commit, where and when it was and what the tables
 * held after it. A restored server is compared with the log, never with the server that wrote.
 */
final class Ledger {
    private static final int ACCOUNTS = 600;

    private final Random random;
    private final TreeMap<Integer, String> accounts = new TreeMap<>();
    private final List<Commit> commits = new ArrayList<>();
    private long accountsDigest;
    private long journalDigest;

    Ledger(long seed) {
        this.random = new Random(seed);
    }

    /**
     * One transaction as the server committed it.
     *
     * @param number 1 for the first
     * @param flushed WAL position after the commit: at or behind the end of its record
     * @param time the commit record's, with zone
     */
    record Commit(int number, String xid, String flushed, String time, State state) {}

    /**
     * What the tables hold. Digests are sums over rows of the first eight bytes of SHA-256: independent of the order.
     */
    record State(int journalLines, long journalDigest, int accounts, long accountsDigest) {
        static final State EMPTY = new State(0, 0, 0, 0);
    }

    /** Makes the empty tables. */
    void create(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("""
                    CREATE EXTENSION IF NOT EXISTS amcheck;
                    CREATE TABLE account (id integer PRIMARY KEY, content text NOT NULL);
                    CREATE INDEX ON account (content);
                    CREATE TABLE journal (number integer PRIMARY KEY, line text NOT NULL);
                    """);
        }
    }

    /** Commits {@code number} transactions, one after the other; returns the last. */
    Commit write(Connection session, int number) throws SQLException {
        session.setAutoCommit(false);
        for (int i = 0; i < number; i++) {
            writeOne(session);
        }
        session.setAutoCommit(true);
        return last();
    }

    private void writeOne(Connection session) throws SQLException {
        int number = commits.size() + 1;
        Map<Integer, @Nullable String> changes = new TreeMap<>();
        int size = 1 + random.nextInt(8);
        for (int i = 0; i < size; i++) {
            int id = random.nextInt(ACCOUNTS);
            changes.put(id, random.nextInt(6) == 0 ? null : content(number, id));
        }
        String line = "transaction " + number + " of " + changes.size();
        String xid = apply(session, changes, number, line);
        changes.forEach(this::account);
        journalDigest += digest(number, line);
        State state = new State(number, journalDigest, accounts.size(), accountsDigest);
        commits.add(finish(session, number, xid, state));
    }

    /** Text that compresses badly and fills pages, so that WAL grows faster than the number of commits. */
    private String content(int number, int id) {
        StringBuilder text = new StringBuilder("account " + id + " at " + number + ": ");
        int words = random.nextInt(24);
        for (int i = 0; i < words; i++) {
            text.append(Long.toString(random.nextLong(), 36)).append(' ');
        }
        return text.toString();
    }

    private static String apply(Connection session, Map<Integer, @Nullable String> changes, int number, String line)
            throws SQLException {
        try (PreparedStatement put = session.prepareStatement(
                        "INSERT INTO account VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content");
                PreparedStatement remove = session.prepareStatement("DELETE FROM account WHERE id = ?");
                PreparedStatement journal = session.prepareStatement(
                        "INSERT INTO journal VALUES (?, ?) RETURNING pg_current_xact_id()::xid::text")) {
            for (Map.Entry<Integer, @Nullable String> change : changes.entrySet()) {
                String content = change.getValue();
                PreparedStatement statement = content == null ? remove : put;
                statement.setInt(1, change.getKey());
                if (content != null) {
                    statement.setString(2, content);
                }
                statement.executeUpdate();
            }
            journal.setInt(1, number);
            journal.setString(2, line);
            try (ResultSet row = journal.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static Commit finish(Connection session, int number, String xid, State state) throws SQLException {
        session.commit();
        try (PreparedStatement ask = session.prepareStatement(
                "SELECT pg_current_wal_flush_lsn()::text, to_char(pg_xact_commit_timestamp(?::xid) AT TIME ZONE 'UTC',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")) {
            ask.setString(1, xid);
            try (ResultSet row = ask.executeQuery()) {
                row.next();
                return new Commit(number, xid, row.getString(1), row.getString(2), state);
            }
        } finally {
            session.commit();
        }
    }

    private void account(int id, @Nullable String content) {
        String old = content == null ? accounts.remove(id) : accounts.put(id, content);
        if (old != null) {
            accountsDigest -= digest(id, old);
        }
        if (content != null) {
            accountsDigest += digest(id, content);
        }
    }

    Commit last() {
        return commits.get(commits.size() - 1);
    }

    Commit commit(int number) {
        return commits.get(number - 1);
    }

    /** All states that there ever were, of after each commit. */
    List<State> states() {
        return commits.stream().map(Commit::state).toList();
    }

    /** The state after a commit; 0 for the empty tables. */
    State stateAfter(int number) {
        return number == 0 ? State.EMPTY : commits.get(number - 1).state();
    }

    /**
     * From now on the log is that of a server that went on after commit {@code number}: what came later has never
     * happened there.
     */
    Ledger branchAt(int number, long seed) {
        Ledger branch = new Ledger(seed);
        branch.commits.addAll(commits.subList(0, number));
        State state = stateAfter(number);
        branch.journalDigest = state.journalDigest();
        return branch;
    }

    /** Reads the rows that a branch begins with: the log keeps their digest only. */
    void adopt(Connection session) throws SQLException {
        accounts.clear();
        accountsDigest = 0;
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, content FROM account")) {
            while (rows.next()) {
                account(rows.getInt(1), rows.getString(2));
            }
        }
        if (!read(session).equals(stateAfter(commits.size()))) {
            throw new AssertionError("the server is not where the branch begins");
        }
    }

    /** What a server's tables hold now. */
    static State read(Connection session) throws SQLException {
        long journal = 0;
        int lines = 0;
        long accounts = 0;
        int number = 0;
        try (Statement statement = session.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT number, line FROM journal")) {
                while (rows.next()) {
                    lines++;
                    journal += digest(rows.getInt(1), rows.getString(2));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id, content FROM account")) {
                while (rows.next()) {
                    number++;
                    accounts += digest(rows.getInt(1), rows.getString(2));
                }
            }
        }
        return new State(lines, journal, number, accounts);
    }

    private static long digest(int key, String content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((key + "|" + content).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(sha256.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
