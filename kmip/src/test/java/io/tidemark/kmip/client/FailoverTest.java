package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.KeyNotFound;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailoverTest {
    @TempDir
    private Path directory;

    private Lab lab;
    private ScriptedKms second;
    private ScriptedKmipServer secondServer;
    private KmipClient client;

    @BeforeEach
    void open() {
        lab = new Lab(directory);
        second = new ScriptedKms(Dialect.COSMIAN);
        second.keep("alice", "tidemark-prod", Lab.KEY); // the first of its dialect has the same identifier everywhere
        secondServer = lab.another(second);
        client = lab.client(settings -> settings.withHosts(List.of(Lab.host(lab.server), Lab.host(secondServer)))
                .withRequestTimeout(Duration.ofSeconds(2)));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theFirstHost_isAskedAlone_whileItAnswers() {
        lab.hasKey(client);
        assertThat(Lab.failure(client.ask(Get.of(new UniqueIdentifier("none")))))
                .isInstanceOf(KeyNotFound.class);
        lab.hasKey(client);

        assertThat(secondServer.connections()).isZero();
    }

    @Test
    void aDeadHost_isPassedOver_andTheOneThatAnsweredIsTheFirstFromThenOn() {
        lab.hasKey(client);
        lab.server.kill();
        lab.hasKey(client);
        lab.server.start();
        int before = lab.server.connections();
        for (int i = 0; i < 20; i++) {
            lab.hasKey(client);
        }

        assertThat(lab.server.connections()).isEqualTo(before);
        assertThat(second.asked()).filteredOn(Operation.GET::equals).hasSize(21);
    }

    @Test
    void aHostThatIsSilent_isPassedOver_forWhatOnlyReads() {
        lab.hasKey(client);
        lab.kms.distort(Operation.GET, reply -> Reply.none());

        lab.hasKey(client);

        assertThat(second.asked()).contains(Operation.GET);
    }

    @Test
    void whatHasBeenSent_andIsNotHarmless_isAskedOfNoOtherHost() {
        lab.hasKey(client);
        lab.kms.before(Operation.CREATE, lab.server::dropConnections);
        Create create = Create.aes(128, UsageMask.ENCRYPT, "new");

        KmipException failure = Lab.failure(client.ask(create));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(second.asked()).isEmpty();
    }

    @Test
    void whatHasNotBeenSent_isAskedOfTheOther_harmlessOrNot() {
        lab.server.stop();

        Lab.answer(client.ask(Create.aes(128, UsageMask.ENCRYPT, "new")));

        assertThat(second.named("new")).hasSize(1);
    }

    @Test
    void aHostWhoseCertificateIsRefused_isPassedOver() {
        lab.server.shows(ServerTls.good().showing("server-expired.crt"));

        lab.hasKey(client);

        assertThat(second.asked()).contains(Operation.GET);
    }

    @Test
    void whenNoHostAnswers_eachOnesReasonIsSaid() {
        lab.server.shows(ServerTls.good().showing("server-expired.crt"));
        secondServer.stop();

        KmipException failure = Lab.failure(client.ask(lab.get));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.host()).isEqualTo(Lab.host(lab.server) + ", " + Lab.host(secondServer));
        assertThat(failure.operation()).isEqualTo("Get");
        assertThat(failure)
                .hasMessageContaining("connect at " + Lab.host(lab.server) + ": the server's certificate expired")
                .hasMessageContaining("connection refused");
        assertThat(failure.getSuppressed()).hasAtLeastOneElementOfType(TlsRefused.class);
    }

    @Test
    void theOnlyHost_withABadCertificate_isNotTriedAgain() {
        lab.server.shows(ServerTls.good().showing("server-wrongca.crt"));
        KmipClient one = lab.client();

        assertThat(Lab.failure(one.ask(lab.get))).isInstanceOf(TlsRefused.class);
        assertThat(Lab.failure(one.ask(lab.get))).isInstanceOf(TlsRefused.class);

        assertThat(lab.server.connections()).isLessThanOrEqualTo(2); // once at each address that localhost has
    }

    @Test
    void anOpenBreaker_failsAtOnce_withTheLastReason() {
        lab.server.stop();
        KmipClient one = lab.client();
        assertThat(Lab.failure(one.ask(lab.get)).kind()).isEqualTo(Kind.UNREACHABLE);

        lab.server.start();
        KmipException atOnce = Lab.failure(one.ask(lab.get));

        assertThat(atOnce).hasMessageContaining("connection refused");
        assertThat(lab.server.connections()).isZero();
    }
}
