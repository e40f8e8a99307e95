package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ServerTls;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to servers, while keys are asked for without a pause: how many requests fail. */
final class UnderLoadTest {
    @TempDir
    private Path directory;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(directory);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aServer_thatIsRestarted_failsNoRequest() {
        try (Load load = new Load(lab.client(), lab.get)) {
            for (int i = 0; i < 3; i++) {
                lab.server.stop();
                lab.server.start();
                load.more();
            }
            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void aServer_thatIsKilledAndComesBack_failsNoRequest() {
        try (Load load = new Load(lab.client(), lab.get)) {
            for (int i = 0; i < 3; i++) {
                lab.server.kill();
                lab.server.start();
                load.more();
            }
            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void aServer_thatStaysAway_failsRequestsAsUnreachable_untilItIsBack() {
        try (Load load = new Load(lab.client(), lab.get)) {
            lab.server.kill();
            PoolTest.await(() -> !load.failures.isEmpty());
            lab.server.start();
            load.more();

            assertThat(load.failures).extracting(KmipException::kind).containsOnly(Kind.UNREACHABLE);
        }
    }

    @Test
    void aServer_thatIsReplacedByOneOfAnotherAuthority_isRefused_untilItIsPutRight() {
        try (Load load = new Load(lab.client(), lab.get)) {
            lab.server.stop();
            lab.server.shows(ServerTls.good().showing("server-wrongca.crt"));
            lab.server.start();
            PoolTest.await(() -> load.failures.stream().anyMatch(TlsRefused.class::isInstance));
            int keys = load.keys();
            PoolTest.await(() -> load.failures.size() > 100);
            assertThat(load.keys()).isEqualTo(keys);
            lab.server.shows(ServerTls.good());
            load.more();

            assertThat(load.failures).extracting(KmipException::kind).containsOnly(Kind.TLS_REFUSED);
        }
    }

    @Test
    void t83_theServersCertificate_isRenewed_andNoRequestFails() {
        try (Load load = new Load(lab.client(), lab.get)) {
            lab.server.shows(ServerTls.good().showing("server-ec.crt", "server-ec.key"));
            int before = lab.server.connections();
            load.more();
            lab.server.dropConnections();
            load.more();

            assertThat(lab.server.connections()).isGreaterThan(before);
            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void t83_ourCertificate_isRenewed_andNoRequestFails() {
        try (Load load = new Load(lab.client(), lab.get)) {
            int before = lab.server.connections();

            lab.pki.write("client-alice.crt", "client-noeku.crt"); // alice's, too
            PoolTest.await(() -> lab.server.connections() > before);
            load.more();
            PoolTest.await(() -> lab.server.open() <= PoolSettings.STANDARD.connectionsPerHost());
            load.more();

            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void theFirstOfTwoHosts_dies_andNoRequestFails_andNoneWhenTheOtherTakesItsTurn() {
        ScriptedKmipServer second = lab.another(lab.kms);
        KmipClient client = lab.client(settings -> settings.withHosts(List.of(Lab.host(lab.server), Lab.host(second))));
        try (Load load = new Load(client, lab.get)) {
            lab.server.kill();
            load.more();
            assertThat(second.connections()).isPositive();
            lab.server.start();
            second.kill();
            load.more();

            assertThat(load.failures).isEmpty();
        }
    }
}
