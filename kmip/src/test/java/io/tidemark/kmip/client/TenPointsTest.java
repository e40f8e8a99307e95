package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.KeyNotFound;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.ProtocolViolation;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Destroy;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.KmipRequest;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.kmip.testing.ServerTls.Clients;
import io.tidemark.kmip.tls.TlsOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client must not get wrong: the ten points of KMIP.md section 0, over real TLS. */
final class TenPointsTest {
    @TempDir
    private Path directory;

    private Lab lab;

    @AfterEach
    void close() {
        if (lab != null) { // nothing was started where a test is skipped
            lab.close();
        }
    }

    private KmipClient clientOf(Dialect dialect) {
        lab = new Lab(directory, dialect, ServerTls.good());
        return lab.client();
    }

    @ParameterizedTest
    @EnumSource
    void point1_pgTdeKeys_areFoundByNameAndTypeInAnyState_asNoneOneOrSeveral(Dialect dialect) {
        KmipClient client = clientOf(dialect);
        String longName = "n".repeat(249) + "ß";
        byte[] cut = Arrays.copyOf(longName.getBytes(StandardCharsets.UTF_8), 250);
        String halved = lab.kms.keepNamed("alice", cut, Lab.KEY);
        lab.kms.keepSecretData("alice", "tidemark-prod", Lab.KEY);
        lab.kms.put(lab.get.id().value(), State.ACTIVE);
        lab.kms.keep("alice", "twice", Lab.KEY);
        lab.kms.keep("alice", "twice", Lab.KEY);

        assertThat(Lab.answer(client.ask(Locate.pgTdeKey("tidemark-prod")))).containsExactly(lab.get.id());
        assertThat(Lab.answer(client.ask(Locate.pgTdeKey(longName)))).containsExactly(new UniqueIdentifier(halved));
        assertThat(Lab.answer(client.ask(Locate.pgTdeKey("none")))).isEmpty();
        assertThat(Lab.answer(client.ask(Locate.pgTdeKey("twice")))).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void point2_aMissingKey_isOneFailureOnEveryServer(Dialect dialect) {
        KmipClient client = clientOf(dialect);

        KmipException failure = Lab.failure(client.ask(Get.of(new UniqueIdentifier("4711"))));

        assertThat(failure).isInstanceOf(KeyNotFound.class).hasMessageStartingWith("Get at localhost:");
        assertThat(failure.hint()).contains("\"alice\"").contains("a key of another owner looks like none");
    }

    @Test
    void point2_aKeyOfAnotherOwner_looksAbsentOnCosmian_andForbiddenOnPyKmip() {
        KmipClient cosmian = clientOf(Dialect.COSMIAN);
        String ofBob = lab.kms.keep("bob", "bobs", Lab.KEY);
        assertThat(Lab.failure(cosmian.ask(Get.of(new UniqueIdentifier(ofBob)))).resultReason())
                .hasValue(0x37);
        lab.close();

        KmipClient pykmip = clientOf(Dialect.PYKMIP);
        String bobs = lab.kms.keep("bob", "bobs", Lab.KEY);
        KmipException failure = Lab.failure(pykmip.ask(Get.of(new UniqueIdentifier(bobs))));
        assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED);
        assertThat(failure.hint()).contains("permit Get to \"alice\"");
    }

    @Test
    void point3_aDeactivatedKey_isRefusedByGet_andStillExported() {
        KmipClient client = clientOf(Dialect.COSMIAN);
        lab.kms.put(lab.get.id().value(), State.DEACTIVATED);

        KmipException failure = Lab.failure(client.ask(lab.get));

        assertThat(failure.kind()).isEqualTo(Kind.WRONG_LIFECYCLE_STATE);
        assertThat(failure.hint()).contains("Export in KMIP 2.x");
        Export export = new Export(lab.get.id(), null);
        assertThat(Lab.isKey(
                        Lab.answer(client.ask(export, ProtocolVersion.V2_1)).object()))
                .isTrue();
    }

    @Test
    void point4_nothingIsSentWithoutTheObjectThatItIsAbout() {
        KmipClient client = clientOf(Dialect.PYKMIP);
        lab.hasKey(client);
        Lab.answer(client.ask(new Destroy(lab.get.id())));

        for (KmipRequest request : lab.server.requests()) {
            boolean aboutOne = request.operation() != Operation.DISCOVER_VERSIONS.code();
            assertThat(hex(request).contains("42009407")).isEqualTo(aboutOne);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new UniqueIdentifier(""));
    }

    private static String hex(KmipRequest request) {
        return HexFormat.of().formatHex(request.bytes());
    }

    @Test
    void point5_anAnswerAboutAnotherKey_isNoAnswer() {
        KmipClient client = clientOf(Dialect.PYKMIP);
        String other = lab.kms.keep("alice", "other", Lab.KEY);
        lab.kms.distort(Operation.GET, PlainAnswers.saying(other, lab.get.id().value()));

        KmipException failure = Lab.failure(client.ask(lab.get));

        assertThat(failure).isInstanceOf(ProtocolViolation.class).hasMessageContaining("is about object");
        assertThat(lab.server.requests()).hasSize(2);
    }

    @Test
    void point5_aKeyWithAnotherLengthThanItsBytes_isNoAnswer() {
        KmipClient client = clientOf(Dialect.COSMIAN);
        lab.kms.distort(Operation.GET, PlainAnswers.claiming(256));

        assertThat(Lab.failure(client.ask(lab.get))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void point5_anotherItemsIdentifier_isNoAnswer() {
        KmipClient client = clientOf(Dialect.COSMIAN);
        lab.kms.distort(Operation.GET, Reply::withOtherItemIds);

        assertThat(Lab.failure(client.ask(lab.get)))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("no operation of the batch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void point6_aCertificateThatIsRefusedAfterTheHandshake_isSaidToBe(String version) {
        lab = new Lab(directory, Dialect.COSMIAN, ServerTls.good().protocols(version));
        KmipClient client =
                lab.client(lab.settings().withDeadline(Duration.ofSeconds(5)), lab.tls("client-wrongca.crt"));

        assertThat(Lab.failure(client.ask(lab.get)))
                .isInstanceOf(TlsRefused.class)
                .hasMessageContaining("refused our certificate")
                .hasMessageContaining("CN=TEST ONLY other CA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void point6_withoutACertificate_aServerThatClosesInSilence_isSuspectedToWantOne(String version) {
        lab = new Lab(
                directory,
                Dialect.COSMIAN,
                ServerTls.good().protocols(version).clients(Clients.MISSED_AT_THE_FIRST_REQUEST));
        KmipClient client = lab.client(lab.settings(), lab.tls(""));

        KmipException failure = Lab.failure(client.ask(lab.get));

        assertThat(failure).isInstanceOf(TlsRefused.class).hasMessageContaining("we have none to show");
        assertThat(((TlsRefused) failure).check()).isEqualTo(TlsRefused.Check.CLIENT_SUSPECTED);
    }

    @Test
    void point7_pyKmipsCiphersForRsa_areAskedForByName() {
        String cipher = "TLS_RSA_WITH_AES_128_CBC_SHA256";
        assumeThat(Security.getProperty("jdk.tls.disabledAlgorithms"))
                .as("needs: a Java that has not switched off RSA key exchange, for the server's side")
                .doesNotContain("TLS_RSA_*");
        lab = new Lab(
                directory, Dialect.PYKMIP, ServerTls.good().protocols("TLSv1.2").ciphers(cipher));

        KmipException failure = Lab.failure(lab.client().ask(lab.get));

        assertThat(failure).isInstanceOf(TlsRefused.class);
        assertThat(failure.hint()).contains(cipher);
        lab.hasKey(lab.client(
                lab.settings(), lab.tls("client-alice.crt", TlsOptions.STANDARD.withCiphers(List.of(cipher)))));
    }

    @Test
    void point8_noAnswer_endsAtTheDeadline_andWithItTheConnection() {
        lab = new Lab(directory, Dialect.PYKMIP, ServerTls.good());
        KmipClient client = lab.client(
                settings -> settings.withRequestTimeout(Duration.ofMillis(300)).withDeadline(Duration.ofMillis(300)));
        lab.hasKey(client);
        lab.kms.distort(Operation.GET, reply -> Reply.none());

        KmipException failure = Lab.failure(client.ask(lab.get));
        lab.kms.calm();
        lab.hasKey(client);

        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(lab.server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000001", "7fffffff"})
    void point9_aRefusalOfTheWholeMessage_isUnderstoodInWhateverVersion(String major) {
        KmipClient client = clientOf(Dialect.COSMIAN);
        lab.server.answers(request -> request.operation() == Operation.GET.code()
                ? Reply.of(PlainAnswers.refusalWithoutIdentity(major, 0x04, "See server logs"))
                : lab.kms.answer(request));

        KmipException failure = Lab.failure(client.ask(lab.get));

        assertThat(failure.kind()).isEqualTo(Kind.SERVER_REFUSED);
        assertThat(failure.resultReason()).hasValue(0x04);
        assertThat(failure).hasMessageContaining("did not understand").hasMessageContaining("\"See server logs\"");
    }

    @Test
    void point9_notAuthenticated_isAboutTheCertificate() {
        KmipClient client = clientOf(Dialect.PYKMIP);
        lab.server.answers(request -> Reply.of(PlainAnswers.refusalWithoutIdentity("00000001", 0x03, "An error")));

        KmipException failure = Lab.failure(client.ask(lab.get));

        assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED);
        assertThat(failure)
                .hasMessageContaining("does not take our certificate")
                .hasMessageContaining("CN=alice");
    }

    @Test
    void point10_noTimeNoAsynchronousIndicatorNoUndo_andEveryItemHasAnIdentifier() {
        KmipClient client = clientOf(Dialect.COSMIAN);
        lab.hasKey(client);
        Lab.answer(client.ask(Create.aes(128, UsageMask.ENCRYPT, "new")));
        Lab.answer(client.ask(Locate.pgTdeKey("new")));

        assertThat(lab.server.requests()).hasSize(4).allSatisfy(request -> {
            assertThat(hex(request))
                    .doesNotContain("42009209") // Time Stamp, a Date-Time
                    .doesNotContain("420007") // Asynchronous Indicator
                    .doesNotContain("42000e"); // Batch Error Continuation Option
            assertThat(request.itemIds()).hasSize(1);
        });
    }
}
