package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The instrument itself: a log that is wrong would find every restore wrong, or none. */
@ExtendWith(Lab.Provided.class)
final class LedgerTest {
    private final Lab lab;

    LedgerTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void log_afterManyTransactions_isWhatTheServerHolds() throws Exception {
        Ledger ledger = new Ledger(17_003);
        try (Cluster cluster = Cluster.of(lab)) {
            PostgresServer server = cluster.newServer(Map.of("archive_mode", "off"));
            server.start();
            try (Connection session = server.connect()) {
                ledger.create(session);
                Ledger.Commit last = ledger.write(session, 200);

                assertThat(Ledger.read(session)).isEqualTo(last.state());
                assertThat(ledger.stateAfter(199)).isNotEqualTo(last.state());
                Soundness.check(session);
            }
        }
    }

    @Test
    void soundness_ofATableWithABrokenPage_isRefused() throws Exception {
        Ledger ledger = new Ledger(17_004);
        try (Cluster cluster = Cluster.of(lab)) {
            PostgresServer server = cluster.newServer(Map.of("archive_mode", "off"));
            server.start();
            String file;
            try (Connection session = server.connect()) {
                ledger.create(session);
                ledger.write(session, 100);
                file = Cluster.text(session, "SELECT pg_relation_filepath('account')");
            }
            server.stop();
            Damage.flipByte(server.dataDirectory().resolve(file), 8192 + 4000);
            server.start();
            try (Connection session = server.connect()) {
                assertThatThrownBy(() -> Soundness.check(session)).hasMessageContaining("invalid page");
            }
        }
    }
}
