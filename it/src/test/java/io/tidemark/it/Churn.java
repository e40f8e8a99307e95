package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a base backup must stand while it runs: relations are created, filled, dropped, emptied and rewritten, files vanish, grow and
 * shrink, and checkpoints run; beside it the ledger's transactions. Ends when it is closed, or has done enough.
 */
final class Churn implements AutoCloseable {
    private static final int TABLES = 12;
    /** For each of the two; the backup waits for all the WAL of it, and on a slow machine the archiver takes its time. */
    private static final int MOST_STEPS = 150;

    private final PostgresServer server;
    private final Ledger ledger;
    private final Random random;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Integer> relations;
    private final CompletableFuture<Integer> transactions;

    private Churn(PostgresServer server, Ledger ledger, long seed) {
        this.server = server;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.relations = CompletableFuture.supplyAsync(() -> inSession(this::oneRelation));
        this.transactions = CompletableFuture.supplyAsync(() -> inSession(session -> ledger.write(session, 1)));
    }

    /** Starts; whoever looks at the ledger waits for {@link #close} first. */
    static Churn on(PostgresServer server, Ledger ledger, long seed) {
        return new Churn(server, ledger, seed);
    }

    private interface Step {
        void take(Connection session) throws SQLException;
    }

    private int inSession(Step step) {
        int steps = 0;
        try (Connection session = server.connect()) {
            while (!over.get() && steps < MOST_STEPS) {
                step.take(session);
                // enough to change everything while a backup runs, not so much that the archiver never gets through
                Cluster.text(session, "SELECT pg_sleep(0.05)");
                steps++;
            }
            return steps;
        } catch (SQLException e) {
            throw new AssertionError("the load broke after " + steps + " steps", e);
        }
    }

    private void oneRelation(Connection session) throws SQLException {
        String table = "churn_" + random.nextInt(TABLES);
        Cluster.execute(session, "CREATE TABLE IF NOT EXISTS " + table + " (id serial PRIMARY KEY, content text)");
        switch (random.nextInt(7)) {
            case 0 -> Cluster.execute(session, "DROP TABLE " + table);
            case 1 -> Cluster.execute(session, "TRUNCATE " + table);
            case 2 -> Cluster.execute(session, "VACUUM FULL " + table);
            case 3 -> {
                Cluster.execute(session, "DELETE FROM " + table + " WHERE id % 3 > 0");
                Cluster.execute(session, "VACUUM " + table);
            }
            case 4 -> Cluster.execute(session, "CHECKPOINT");
            default ->
                Cluster.execute(
                        session,
                        "INSERT INTO " + table + " (content) SELECT repeat(md5(i::text), 20) FROM generate_series(1, "
                                + (20 + random.nextInt(300)) + ") AS i");
        }
    }

    @Override
    public void close() {
        over.set(true);
        assertThat(ended(relations)).as("steps with relations").isPositive();
        assertThat(ended(transactions)).as("transactions").isPositive();
    }

    private static int ended(CompletableFuture<Integer> load) {
        try {
            return load.get(2, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the load did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
