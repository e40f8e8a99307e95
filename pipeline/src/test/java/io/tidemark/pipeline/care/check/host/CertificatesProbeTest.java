package io.tidemark.pipeline.care.check.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.KeyProviderSettings.InKmip.Waits;
import io.tidemark.pipeline.keys.kmip.KmipServers;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** What {@code check} says of certificates, by a clock that is set; TLS itself goes by the real one. */
final class CertificatesProbeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final EventLoops loops = EventLoops.open(1);
    private final KmipServers servers =
            new KmipServers(() -> loops, Schedulers.boundedElastic(), new SecureRandom(), Map.of());
    private Pki pki;
    private ScriptedKmipServer server;

    @BeforeEach
    void start() {
        pki = Pki.in(directory);
        server = ScriptedKmipServer.start(pki, ServerTls.good(), new ScriptedKms(Dialect.COSMIAN));
    }

    @AfterEach
    void close() {
        servers.close();
        server.close();
        loops.close().block(PATIENCE);
    }

    private List<Finding> findings(Instant now, KmipHost... hosts) {
        KeyProviderSettings.InKmip settings = new KeyProviderSettings.InKmip(
                "kms",
                List.of(hosts),
                pki.file("client-alice.crt"),
                pki.file("client-alice.key"),
                null,
                pki.file("ca.crt"),
                null,
                List.of(),
                new Waits(PATIENCE, PATIENCE, PATIENCE));
        return new CertificatesProbe(
                        List.of(new KmipService(settings, servers, Schedulers.boundedElastic())),
                        Clock.fixed(now, ZoneOffset.UTC))
                .findings()
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private KmipHost here() {
        return new KmipHost("localhost", server.port());
    }

    private Instant end(String certificate) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(pki.file(certificate))) {
            return ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .getNotAfter()
                    .toInstant();
        }
    }

    @Test
    void td13_certificatesWithTime_areOneLineAHost_withTheDaysOfBothSides() throws Exception {
        Instant early = end("client-alice.crt").minus(Duration.ofDays(100)).minusSeconds(1);

        assertThat(findings(early, here())).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.OK);
            assertThat(finding.text()).contains("localhost:" + server.port(), "the server's", "ours for 100 days");
        });
    }

    @Test
    void t83_oursEndsInDays_isAWarningThatNamesIt() throws Exception {
        Instant late = end("client-alice.crt").minus(Duration.ofDays(3)).minusSeconds(1);

        assertThat(findings(late, here())).anySatisfy(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.text()).contains("our certificate", "CN=alice", "expires in 3 days");
            assertThat(finding.hint()).contains("nothing has to be restarted");
        });
    }

    @Test
    void td13_theServersAndTheAuthoritys_areLookedAtToo() throws Exception {
        Instant afterAll = end("ca.crt").plus(Duration.ofDays(1));

        List<Finding> findings = findings(afterAll, here());

        assertThat(findings).allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.WARN));
        assertThat(findings).extracting(Finding::text).anyMatch(text -> text.contains("the server's certificate"));
        assertThat(findings)
                .extracting(Finding::text)
                .anyMatch(text -> text.contains("of the authority") && text.contains("expired at"));
    }

    @Test
    void aHostThatIsAway_failsAlone_andIsAWarningBesideAnother() throws Exception {
        Instant early = end("client-alice.crt").minus(Duration.ofDays(100));
        KmipHost away = here();
        server.stop();

        assertThat(findings(early, away)).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(finding.text()).contains("localhost:" + away.port());
        });
        assertThat(findings(early, away, new KmipHost("127.0.0.1", away.port())))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.WARN));
    }
}
