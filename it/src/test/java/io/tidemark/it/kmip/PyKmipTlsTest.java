package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static io.tidemark.it.kmip.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.NotPermitted;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Check;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.client.KmipSettings;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.tls.TlsFiles;
import io.tidemark.kmip.tls.TlsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that do not fit, on a server that is OpenSSL's and not Java's: points 6 and 7 of what the client must not get wrong. */
final class PyKmipTlsTest extends KmsFixture {
    @Override
    KmsServer started(Path directory) {
        return PyKmip.startedIn(directory);
    }

    private KmipException refusedAs(TlsFiles files) {
        return refusal(clients.of(settings(), files).version());
    }

    private KmipSettings settings() {
        return KmipSettings.of(List.of(Clients.host(server)));
    }

    private TlsFiles alicesKeyWith(String certificate) {
        Pki pki = server.pki();
        return TlsFiles.trusting(pki.file("ca.crt")).with(pki.file(certificate), pki.file("client-alice.key"));
    }

    private static void assertRefused(KmipException refused, Check check, String word) {
        assertThat(refused).isInstanceOf(TlsRefused.class);
        assertThat(((TlsRefused) refused).check()).as(refused.getMessage()).isEqualTo(check);
        assertThat(refused.getMessage() + " " + refused.hint()).contains(word);
    }

    @Test
    void noCertificate_isMissed() {
        assertRefused(
                refusedAs(TlsFiles.trusting(server.pki().file("ca.crt"))), Check.CLIENT_MISSING, "client certificate");
    }

    @Test
    void t83_anExpiredCertificate_isCalledSo_withItsDate() {
        assertRefused(refusedAs(alicesKeyWith("client-expired.crt")), Check.CLIENT_EXPIRED, "2021");
    }

    @Test
    void aCertificateOfAnotherAuthority_isCalledSo() {
        assertRefused(refusedAs(alicesKeyWith("client-wrongca.crt")), Check.CLIENT_ISSUER, "issue");
    }

    @Test
    void aCertificateForServers_isCalledSo() {
        assertRefused(refusedAs(alicesKeyWith("client-servereku.crt")), Check.CLIENT_USAGE, "clientAuth");
    }

    @Test
    void aCertificateWithoutUsage_isRefusedByAnAnswer_thatNamesTheUsage() {
        KmipException refused = refusedAs(alicesKeyWith("client-noeku.crt"));

        assertThat(refused).isInstanceOf(NotPermitted.class);
        assertThat(refused.resultReason()).hasValue(3);
        assertThat(refused.getMessage() + refused.hint()).contains("clientAuth");
    }

    @Test
    void aServerOfAnotherAuthority_isRefusedByUs() {
        Pki pki = server.pki();

        assertRefused(
                refusedAs(TlsFiles.trusting(pki.file("other-ca.crt"))
                        .with(pki.file("client-alice.crt"), pki.file("client-alice.key"))),
                Check.SERVER_ISSUER,
                "authority");
    }

    @Test
    void t82_aServerOfAnotherName_isRefusedByUs_withTheNamesThatItHas() {
        KmipClient client = clients.of(
                settings(),
                Clients.files(server.pki(), "alice"),
                TlsOptions.STANDARD.withServerName("kms.example.com"));

        assertRefused(refusal(client.version()), Check.SERVER_NAME, "DNS:localhost");
    }

    @Test
    void aNameOfItsCertificate_isEnough_whereTheHostHasAnother() {
        KmipClient client = clients.of(
                KmipSettings.of(List.of(new KmipHost("127.0.0.1", server.port()))),
                Clients.files(server.pki(), "bob"),
                TlsOptions.STANDARD.withServerName("localhost"));

        assertThat(now(client.version())).isEqualTo(ProtocolVersion.V1_4);
    }

    @Test
    void tls13Alone_hasNothingInCommon() {
        KmipClient client = clients.of(
                settings(),
                Clients.files(server.pki(), "alice"),
                TlsOptions.STANDARD.withProtocols(List.of("TLSv1.3")));

        assertRefused(refusal(client.version()), Check.NOTHING_IN_COMMON, "TLSv1.3");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "Java 24 and later have no TLS_RSA suites")
    void anRsaCertificate_hasNothingInCommon_untilACipherIsChosenKnowingly(@TempDir Path directory) throws Exception {
        Path place = Files.createDirectory(directory.resolve("rsa"));
        PyKmip.Setup rsa = PyKmip.Setup.on(place.resolve("keys.sqlite")).showing("server.crt", "server.key");
        try (PyKmip other = PyKmip.startedIn(place, rsa)) {
            assertRefused(refusal(clients.of(other, "alice").version()), Check.NOTHING_IN_COMMON, "cipher");

            KmipClient knowing = clients.of(
                    KmipSettings.of(List.of(Clients.host(other))),
                    Clients.files(other.pki(), "alice"),
                    TlsOptions.STANDARD.withCiphers(List.of("TLS_RSA_WITH_AES_128_CBC_SHA256")));
            assertThat(now(knowing.version())).isEqualTo(ProtocolVersion.V1_4);
        }
    }
}
