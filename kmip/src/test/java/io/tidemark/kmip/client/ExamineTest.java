package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.ServerTls;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExamineTest {
    @TempDir
    private Path directory;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(directory, Dialect.PYKMIP, ServerTls.good());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aHost_isReportedStepByStep(String version) {
        lab.server.shows(ServerTls.good().protocols(version));
        KmipHost host = Lab.host(lab.server);

        HostReport report = Lab.answer(lab.client().examine(host));

        assertThat(report.host()).isEqualTo(host);
        assertThat(report.address()).isEqualTo("127.0.0.1");
        assertThat(report.tlsVersion()).isEqualTo(version);
        assertThat(report.cipherSuite()).startsWith("TLS_");
        assertThat(report.serverCertificates().get(0).names()).contains("DNS:localhost");
        assertThat(report.clientCertificate()).isNotNull();
        assertThat(report.clientCertificate().commonName()).isEqualTo("alice");
        assertThat(report.versions()).contains(ProtocolVersion.V2_0, ProtocolVersion.V1_4);
        assertThat(report.handshake()).isPositive();
        assertThat(report.firstAnswer()).isPositive();
        assertThat(report.connect()).isPositive();
        assertThat(report.resolve()).isPositive();
        PoolTest.await(() -> lab.server.open() == 0);
    }

    @Test
    void anyHost_canBeExamined_andFailsWithoutASecondTry() {
        KmipClient client = lab.client();
        KmipHost host = Lab.host(lab.server);
        lab.server.stop();
        assertThat(Lab.failure(client.examine(host)).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(Lab.failure(client.examine(new KmipHost("nowhere.invalid", 5696))))
                .hasMessageContaining("connect at nowhere.invalid:5696: the host's name is not known");

        lab.server.start();
        lab.server.shows(ServerTls.good().showing("server-nosan.crt"));
        assertThat(Lab.failure(client.examine(host)))
                .isInstanceOfSatisfying(
                        TlsRefused.class,
                        refused -> assertThat(refused.check()).isEqualTo(TlsRefused.Check.SERVER_WITHOUT_NAMES));
    }
}
