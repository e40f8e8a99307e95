package io.tidemark.kmip.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Check;
import io.tidemark.kmip.testing.Answerer;
import io.tidemark.kmip.testing.Door;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ServerTls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What we refuse of a server, in both versions, and what is said about it (KMIP.md section 11; traps T82 and T83). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServerChecksTest {
    private static final Answerer ANSWERS = Answerer.always(Caller.ANSWER);

    private final Caller caller = new Caller();
    private Pki pki;
    private ScriptedKmipServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        pki = Pki.in(directory);
        server = ScriptedKmipServer.start(pki, ServerTls.good(), ANSWERS);
    }

    @AfterAll
    void stop() throws Exception {
        caller.close();
        server.close();
    }

    private TlsFiles files() {
        return TlsFiles.trusting(pki.file("ca.crt")).with(pki.file("client-alice.crt"), pki.file("client-alice.key"));
    }

    private KmipTls client(TlsOptions options) {
        return KmipTls.read(files(), options);
    }

    private Caller.Outcome call(ServerTls shown, TlsOptions options, String host) throws Exception {
        server.door(Door.OPEN);
        server.shows(shown);
        return caller.call(client(options), host, server.port());
    }

    private static void refused(KmipException failure, Check check, String words) {
        assertThat(failure).isInstanceOf(TlsRefused.class).hasMessageContaining(words);
        assertThat(((TlsRefused) failure).check()).isEqualTo(check);
        assertThat(failure.hint()).isNotBlank();
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure).hasMessageStartingWith("connect at kms:5696: ");
    }

    static Stream<Arguments> badCertificates() {
        return Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(version -> Stream.of(
                        Arguments.of(
                                version,
                                "server-wronghost.crt",
                                Check.SERVER_NAME,
                                "the server's certificate is for \"DNS:kms.example.test\", not for DNS:localhost"),
                        Arguments.of(
                                version,
                                "server-nosan.crt",
                                Check.SERVER_WITHOUT_NAMES,
                                "no subject alternative name; its subject is \"CN=localhost,O=TEST ONLY - throw-away keys\""),
                        Arguments.of(
                                version,
                                "server-expired.crt",
                                Check.SERVER_EXPIRED,
                                "the server's certificate expired at 2021-01-01T00:00:00Z: \"CN=localhost,"),
                        Arguments.of(
                                version,
                                "server-notyet.crt",
                                Check.SERVER_NOT_YET_VALID,
                                "the server's certificate is not valid before 2110-01-01T00:00:00Z"),
                        Arguments.of(
                                version,
                                "server-wrongca.crt",
                                Check.SERVER_ISSUER,
                                "leads to the authority \"CN=TEST ONLY other CA (not trusted),O=TEST ONLY - throw-away keys\","
                                        + " which is none of our trust anchors (\"CN=TEST ONLY KMIP CA,"),
                        Arguments.of(
                                version,
                                "server-selfsigned.crt",
                                Check.SERVER_ISSUER,
                                "is signed by itself, and is none"),
                        Arguments.of(
                                version,
                                "server-chain-missing.crt",
                                Check.SERVER_ISSUER,
                                "leads to the authority \"CN=TEST ONLY KMIP intermediate CA,"),
                        Arguments.of(
                                version,
                                "server-clienteku.crt",
                                Check.SERVER_USAGE,
                                "is not for servers: its extended key usage is clientAuth")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("badCertificates")
    void t82_aBadCertificateOfTheServer_isRefusedInWords(String version, String file, Check check, String words)
            throws Exception {
        Caller.Outcome outcome = call(
                ServerTls.good().showing(file).protocols(version),
                TlsOptions.STANDARD.withProtocols(List.of(version)),
                "localhost");

        refused(outcome.failure(), check, words);
    }

    @Test
    void missingIntermediate_isSaidInTheHint() throws Exception {
        Caller.Outcome outcome =
                call(ServerTls.good().showing("server-chain-missing.crt"), TlsOptions.STANDARD, "localhost");

        assertThat(outcome.failure().hint()).contains("intermediate");
    }

    @ParameterizedTest
    @MethodSource("goodCalls")
    void aGoodCertificate_isAccepted(ServerTls shown, String host) throws Exception {
        assertThat(call(shown, TlsOptions.STANDARD, host).failure()).isNull();
    }

    static Stream<Arguments> goodCalls() {
        ServerTls good = ServerTls.good();
        return Stream.of(
                Arguments.of(good, "localhost"),
                Arguments.of(good, "127.0.0.1"),
                Arguments.of(good.protocols("TLSv1.2"), "localhost"),
                Arguments.of(good.showing("server-chain.crt"), "localhost"),
                Arguments.of(good.showing("server-ec.crt", "server-ec.key"), "localhost"));
    }

    @Test
    void anAddress_isLookedForAmongTheAddresses() throws Exception {
        refused(
                call(ServerTls.good().showing("server-wronghost.crt"), TlsOptions.STANDARD, "127.0.0.1")
                        .failure(),
                Check.SERVER_NAME,
                "is for \"DNS:kms.example.test\", not for IP:127.0.0.1");
        refused(
                call(ServerTls.good().showing("server-nosan.crt"), TlsOptions.STANDARD, "127.0.0.1")
                        .failure(),
                Check.SERVER_WITHOUT_NAMES,
                "no subject alternative name");
    }

    @Test
    void anAddressOfIpv6_isLookedForAmongTheAddresses() throws Exception {
        try (ScriptedKmipServer six =
                ScriptedKmipServer.startOn(InetAddress.getByName("::1"), pki, ServerTls.good(), ANSWERS)) {
            assertThat(caller.call(client(TlsOptions.STANDARD), "::1", six.port())
                            .failure())
                    .isNull();
        }
    }

    @Test
    void serverName_ofAnAppliance_isCheckedInsteadOfTheHost() throws Exception {
        ServerTls appliance = ServerTls.good().showing("server-wronghost.crt");
        TlsOptions named = TlsOptions.STANDARD.withServerName("kms.example.test");

        assertThat(call(appliance, named, "localhost").failure()).isNull();
        // and not besides the host
        refused(
                call(ServerTls.good(), named, "localhost").failure(),
                Check.SERVER_NAME,
                "not for DNS:kms.example.test");
    }

    @Test
    void serverCertificates_afterAHandshake_sayTheirNamesAndDates() throws Exception {
        Caller.Outcome outcome = call(ServerTls.good().showing("server-chain.crt"), TlsOptions.STANDARD, "localhost");

        List<CertificateFacts> chain = KmipTls.serverCertificates(outcome.tls());
        assertThat(chain).hasSize(2);
        assertThat(chain.get(0).commonName()).isEqualTo("localhost");
        assertThat(chain.get(0).names()).containsExactly("DNS:localhost", "IP:127.0.0.1", "IP:0:0:0:0:0:0:0:1");
        assertThat(chain.get(0).notAfter()).isEqualTo(Instant.parse("2120-01-01T00:00:00Z"));
        assertThat(chain.get(0).left(Instant.parse("2119-12-31T00:00:00Z"))).isEqualTo(Duration.ofDays(1));
        assertThat(chain.get(1).commonName()).isEqualTo("TEST ONLY KMIP intermediate CA");
    }

    @Test
    void anAuthorityOfTheSameNameAndAnotherKey_isSaid() throws Exception {
        // the leaf of a self-signed certificate of the same name as its issuer is no anchor, though its name is
        KmipTls misled = KmipTls.read(
                TlsFiles.trusting(pki.file("server-selfsigned.crt"))
                        .with(pki.file("client-alice.crt"), pki.file("client-alice.key")),
                TlsOptions.STANDARD);
        server.shows(ServerTls.good());

        refused(
                caller.call(misled, "localhost", server.port()).failure(),
                Check.SERVER_ISSUER,
                "leads to the authority \"CN=TEST ONLY KMIP CA,");
    }

    @Test
    void aServerThatNeverAnswersTheHandshake_timesOut() throws Exception {
        server.door(Door.SILENT);

        Caller.Outcome outcome = caller.call(
                client(TlsOptions.STANDARD.withHandshakeTimeout(Duration.ofMillis(50))), "localhost", server.port());

        assertThat(outcome.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(outcome.failure()).hasMessageContaining("no TLS handshake within 50 ms");
    }

    @Test
    void aServerThatSpeaksSomethingElse_isNoServerOfKmip() throws Exception {
        server.door(
                Door.clear("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

        refused(
                caller.call(client(TlsOptions.STANDARD), "localhost", server.port())
                        .failure(),
                Check.HANDSHAKE,
                "what came back is not TLS");
    }

    @Test
    void aServerThatClosesDuringTheHandshake_isUnreachable() throws Exception {
        server.door(Door.SHUT);

        Caller.Outcome outcome = caller.call(client(TlsOptions.STANDARD), "localhost", server.port());

        assertThat(outcome.failure().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(outcome.failure()).hasMessageContaining("ended during the TLS handshake");
    }

    @Test
    void aSlowHandshake_thatEndsInTime_isAHandshake() throws Exception {
        server.shows(ServerTls.good());
        server.door(Door.slow(Duration.ofMillis(5)));

        assertThat(caller.call(client(TlsOptions.STANDARD), "localhost", server.port())
                        .answered())
                .isTrue();
    }

    @Test
    void noVersionInCommon_isSaidWithWhatWasOffered() throws Exception {
        refused(
                call(
                                ServerTls.good().protocols("TLSv1.2"),
                                TlsOptions.STANDARD.withProtocols(List.of("TLSv1.3")),
                                "localhost")
                        .failure(),
                Check.NOTHING_IN_COMMON,
                "offered were TLSv1.3 with the usual ciphers");
    }

    @Test
    void ciphersThatThisJavaHasSwitchedOff_areSaidToBeOff() throws Exception {
        TlsOptions off = TlsOptions.STANDARD
                .withProtocols(List.of("TLSv1.2"))
                .withCiphers(List.of("SSL_RSA_WITH_3DES_EDE_CBC_SHA"));

        refused(
                call(ServerTls.good(), off, "localhost").failure(),
                Check.NOTHING_IN_COMMON,
                "this Java has switched off all protocol versions and cipher suites that were asked for: TLSv1.2 with"
                        + " [SSL_RSA_WITH_3DES_EDE_CBC_SHA]");
    }

    /** KMIP.md section 0, point 7: PyKMIP's own list with an RSA certificate. */
    @Test
    void ciphersOfPyKmipWithAnRsaCertificate_areUsedOnlyWhereAskedFor() throws Exception {
        assumeThat(Security.getProperty("jdk.tls.disabledAlgorithms"))
                .as("a Java that has not switched off TLS_RSA_*, as 25 has")
                .doesNotContain("TLS_RSA_*");
        ServerTls old = ServerTls.good().protocols("TLSv1.2").ciphers("TLS_RSA_WITH_AES_128_CBC_SHA256");

        refused(
                call(old, TlsOptions.STANDARD, "localhost").failure(),
                Check.NOTHING_IN_COMMON,
                "no protocol version or cipher suite in common (handshake_failure)");
        Caller.Outcome asked =
                call(old, TlsOptions.STANDARD.withCiphers(List.of("TLS_RSA_WITH_AES_128_CBC_SHA256")), "localhost");
        assertThat(asked.failure()).isNull();
        assertThat(asked.tls().engine().getSession().getCipherSuite()).isEqualTo("TLS_RSA_WITH_AES_128_CBC_SHA256");
    }
}
