package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException.NotPermitted;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.Unreachable;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipSettings;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.pipeline.postgres.testing.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Key servers that are killed, restarted and replaced, and certificates that are renewed, while a key is asked for all the time. Each
 * test says how many requests failed.
 */
final class KmsOutagesTest {
    private static final int ENOUGH = 100;

    private final Clients clients = new Clients();
    private Path directory;
    private PyKmip first;

    @BeforeEach
    void start(@TempDir Path scratch) throws Exception {
        directory = scratch;
        first = PyKmip.startedIn(Files.createDirectory(scratch.resolve("first")), setup());
    }

    @AfterEach
    void stop() {
        clients.close();
        if (first != null) {
            first.close();
        }
    }

    private PyKmip.Setup setup() {
        return PyKmip.Setup.on(directory.resolve("keys.sqlite"));
    }

    private Load loadOf(KmipClient client) {
        KeyMaterial key = KeyMaterial.copyOf(KmsFixture.SIXTEEN);
        UniqueIdentifier id = now(client.ask(Register.aes(key, KmsFixture.SEALING, "asked for")));
        return Load.of(client, id, key, "well");
    }

    @Test
    void theOnlyServer_killedAndStartedAgain_costsWhatWasUnderWay_andWhatIsAskedWhileItIsAway() {
        try (Load load = loadOf(clients.of(first, "alice"))) {
            load.awaitServed(ENOUGH);

            load.enter("away");
            first.kill();
            load.awaitFailure(Unreachable.class);
            load.enter("coming back");
            first.start();
            load.awaitServed(1);
            load.enter("well again");
            load.awaitServed(ENOUGH);
            load.end();

            assertThat(load.failures()).hasOnlyElementsOfType(Unreachable.class);
            assertThat(load.failuresIn("well").size()).as("%s", load).isLessThanOrEqualTo(Load.ASKING);
            assertThat(load.failuresIn("well again")).isEmpty();
        }
    }

    @Test
    void ofTwoServersOfTheSameKeys_eitherMayBeKilled_andNoRequestFails() throws Exception {
        try (PyKmip second = PyKmip.startedIn(Files.createDirectory(directory.resolve("second")), setup());
                Load load = loadOf(clients.of(
                        KmipSettings.of(List.of(Clients.host(first), Clients.host(second))),
                        Clients.files(first.pki(), "alice")))) {
            load.awaitServed(ENOUGH);

            load.enter("the first is dead");
            first.kill();
            load.awaitServed(ENOUGH);
            load.enter("both are there");
            first.start();
            load.awaitServed(ENOUGH);
            load.enter("the second is dead");
            second.kill();
            load.awaitServed(ENOUGH);
            load.end();

            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void aRenewedKeyFile_costsNoRequest_andTheNextIdentityIsTakenUp() {
        KmipClient client = clients.of(first, "alice");
        try (Load load = loadOf(client)) {
            load.awaitServed(ENOUGH);
            for (String form : List.of("client-alice.pkcs1.key", "client-alice.key", "client-alice.pkcs1.key")) {
                load.enter(form + " after " + load);
                first.pki().write("client-alice.key", form);
                first.pki().write("client-alice.crt", "client-alice.crt");
                load.awaitServed(ENOUGH);
            }
            assertThat(load.failures()).isEmpty();

            load.enter("another's certificate");
            first.pki().write("client-alice.key", "client-bob.key");
            first.pki().write("client-alice.crt", "client-bob.crt");
            load.awaitFailure(NotPermitted.class);
            load.end();

            assertThat(load.failures()).hasOnlyElementsOfType(NotPermitted.class);
        }
    }

    @Test
    void aServerInItsPlaceWithAnotherCertificate_getsNoRequest_untilTheRightOneIsBack() {
        TestAuthority stranger = new TestAuthority("a stranger");
        TestAuthority.Issued foreign = stranger.issue("localhost", "ip:127.0.0.1");
        try (Load load = loadOf(clients.of(first, "alice"))) {
            load.awaitServed(ENOUGH);

            first.kill();
            TestAuthority.pem(first.pki().file("server-ec.crt"), foreign.certificate());
            TestAuthority.pem(first.pki().file("server-ec.key"), foreign.keys());
            first.start();
            load.enter("the stranger answers");
            load.awaitFailure(TlsRefused.class);
            assertThat(load.served("the stranger answers")).isZero();
            load.enter("coming back");
            first.kill();
            first.pki().write("server-ec.crt", "server-ec.crt");
            first.pki().write("server-ec.key", "server-ec.key");
            first.start();
            load.awaitServed(1);
            load.enter("well again");
            load.awaitServed(ENOUGH);
            load.end();

            assertThat(load.failures()).hasOnlyElementsOfTypes(Unreachable.class, TlsRefused.class);
            assertThat(load.failures())
                    .filteredOn(TlsRefused.class::isInstance)
                    .allSatisfy(
                            why -> assertThat(((TlsRefused) why).check()).isEqualTo(TlsRefused.Check.SERVER_ISSUER));
            assertThat(load.failuresIn("well again")).isEmpty();
        }
    }
}
