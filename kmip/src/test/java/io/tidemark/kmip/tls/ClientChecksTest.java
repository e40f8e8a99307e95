package io.tidemark.kmip.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Check;
import io.tidemark.kmip.testing.Answerer;
import io.tidemark.kmip.testing.Door;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.kmip.testing.ServerTls.Clients;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers refuse of us, and how much of that comes through (KMIP.md section 0 point 6, section 11). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientChecksTest {
    private final Caller caller = new Caller();
    private Pki pki;
    private ScriptedKmipServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        pki = Pki.in(directory);
        server = ScriptedKmipServer.start(pki, ServerTls.good(), Answerer.always(Caller.ANSWER));
    }

    @AfterAll
    void stop() throws Exception {
        caller.close();
        server.close();
    }

    private KmipTls showing(String certificate) {
        TlsFiles trust = TlsFiles.trusting(pki.file("ca.crt"));
        return KmipTls.read(
                certificate.isEmpty() ? trust : trust.with(pki.file(certificate), pki.file("client-alice.key")),
                TlsOptions.STANDARD);
    }

    private KmipException call(String certificate, ServerTls tls) throws Exception {
        server.door(Door.OPEN);
        server.answers(Answerer.always(Caller.ANSWER));
        server.shows(tls);
        return caller.call(showing(certificate), "localhost", server.port()).failure();
    }

    private static Check check(KmipException failure) {
        assertThat(failure).isInstanceOf(TlsRefused.class);
        assertThat(failure.hint()).isNotBlank();
        return ((TlsRefused) failure).check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutACertificate_aServerThatNeedsOne_isSaidToWantOne(String version) throws Exception {
        KmipException failure = call("", ServerTls.good().protocols(version));

        assertThat(failure).hasMessageContaining("we have none to show");
        assertThat(check(failure)).isIn(Check.CLIENT_MISSING, Check.CLIENT_CERTIFICATE);
        assertThat(failure.hint()).contains("name the client's certificate and key");
    }

    /** Cosmian KMS: the handshake is fine in both versions, and then the connection just ends. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutACertificate_aServerThatClosesAtTheFirstRequest_isSuspectedToWantOne(String version) throws Exception {
        KmipException failure =
                call("", ServerTls.good().protocols(version).clients(Clients.MISSED_AT_THE_FIRST_REQUEST));

        assertThat(check(failure)).isEqualTo(Check.CLIENT_SUSPECTED);
        assertThat(failure)
                .hasMessageContaining("ended the connection before its first answer")
                .hasMessageContaining("we have none to show");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void t83_anExpiredCertificate_isSaidWithItsDates(String version) throws Exception {
        KmipException failure = call("client-expired.crt", ServerTls.good().protocols(version));

        // the JDK's server says it of any certificate that it does not take; others say certificate_expired, see below
        assertThat(check(failure)).isEqualTo(Check.CLIENT_CERTIFICATE);
        assertThat(failure)
                .hasMessageContaining("the server refused our certificate (certificate_unknown)")
                .hasMessageContaining("CN=alice")
                .hasMessageContaining("to 2021-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCertificateOfAForeignAuthority_isShownAllTheSame_soThatTheServerSaysWhatItMinds(String version)
            throws Exception {
        KmipException failure = call("client-wrongca.crt", ServerTls.good().protocols(version));

        assertThat(failure)
                .hasMessageContaining("the server refused our certificate (certificate_unknown)")
                .hasMessageContaining("issued by \"CN=TEST ONLY other CA (not trusted)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCertificateForServers_isSaidNotToBeForClients(String version) throws Exception {
        KmipException failure = call("client-servereku.crt", ServerTls.good().protocols(version));

        assertThat(check(failure)).isEqualTo(Check.CLIENT_USAGE);
        assertThat(failure).hasMessageContaining("for serverAuth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-alice.crt", "client-noeku.crt"})
    void aGoodCertificate_isSeenByTheServer(String certificate) throws Exception {
        server.forgetRequests();

        assertThat(call(certificate, ServerTls.good())).isNull();
        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.client()).isEqualTo("alice");
        });
    }

    @Test
    void aResetBeforeTheFirstAnswer_isSuspectedToo_andWorthAnotherTry() throws Exception {
        server.door(Door.OPEN);
        server.shows(ServerTls.good());
        server.answers(request -> Reply.resetting());

        KmipException failure = caller.call(showing("client-alice.crt"), "localhost", server.port())
                .failure();

        assertThat(check(failure)).isEqualTo(Check.CLIENT_SUSPECTED);
        assertThat(failure).hasMessageContaining("ours is \"CN=alice,");
        assertThat(failure.isTransient()).isTrue();
    }

    /** The words of real servers, whose alerts a server of the JDK does not send; once in a handshake, once at the first read. */
    static Stream<Arguments> alerts() {
        return Stream.of(
                Arguments.of(48, "unknown_ca", "client-wrongca.crt", Check.CLIENT_ISSUER),
                Arguments.of(45, "certificate_expired", "client-expired.crt", Check.CLIENT_EXPIRED),
                Arguments.of(43, "unsupported_certificate", "client-servereku.crt", Check.CLIENT_USAGE),
                Arguments.of(42, "bad_certificate", "client-servereku.crt", Check.CLIENT_USAGE),
                Arguments.of(42, "bad_certificate", "client-alice.crt", Check.CLIENT_CERTIFICATE),
                Arguments.of(44, "certificate_revoked", "client-alice.crt", Check.CLIENT_CERTIFICATE),
                Arguments.of(116, "certificate_required", "", Check.CLIENT_MISSING),
                Arguments.of(116, "certificate_required", "client-wrongca.crt", Check.CLIENT_MISSING),
                Arguments.of(40, "handshake_failure", "", Check.CLIENT_MISSING),
                Arguments.of(40, "handshake_failure", "client-wrongca.crt", Check.NOTHING_IN_COMMON),
                Arguments.of(70, "protocol_version", "client-alice.crt", Check.NOTHING_IN_COMMON),
                Arguments.of(112, "unrecognized_name", "client-alice.crt", Check.SERVER_NAME),
                Arguments.of(80, "internal_error", "client-alice.crt", Check.HANDSHAKE));
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("alerts")
    void anAlert_inAHandshakeAndAtTheFirstRead_hasOneMeaning(int alert, String name, String certificate, Check expected)
            throws Exception {
        server.door(Door.alerting(alert));
        KmipTls client = showing(certificate);

        KmipException inHandshake =
                caller.call(client, "localhost", server.port()).failure();
        KmipException atFirstRead = client.firstAnswerFailed(
                Caller.ATTEMPT,
                new DecoderException(new SSLHandshakeException("(" + name + ") Received fatal alert: " + name)));

        assertThat(List.of(check(inHandshake), check(atFirstRead))).containsOnly(expected);
        assertThat(inHandshake).hasMessageContaining(name);
        assertThat(atFirstRead).hasMessage(inHandshake.getMessage());
    }

    /** PyKMIP: the handshake is fine, and the answer is Authentication Not Successful. */
    @Test
    void aCertificateWithoutUsage_thatIsNoIdentity_isSaid() {
        KmipException failure = showing("client-noeku.crt").notAuthenticated(Caller.ATTEMPT, "An error occurred\n");

        assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED);
        assertThat(failure.resultReason()).hasValue(3);
        assertThat(failure)
                .hasMessageContaining("\"An error occurred?\"")
                .hasMessageContaining("CN=alice")
                .hasMessageContaining("has no extended key usage");
        assertThat(failure.hint()).contains("clientAuth");
    }
}
