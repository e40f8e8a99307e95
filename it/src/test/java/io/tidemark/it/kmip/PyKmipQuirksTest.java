package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static io.tidemark.it.kmip.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.ServerRefused;
import io.tidemark.kmip.KmipException.TimedOut;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipSettings;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.ResultReason;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.AttributeName;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.key.KeyBlock;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Destroy;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.kmip.message.operation.Revoke;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only PyKMIP does, and why the client is as it is: points 4, 5 and 8 to 10 of what it must not get wrong. */
final class PyKmipQuirksTest extends KmsFixture {
    private static final ResultReason INVALID_MESSAGE = new ResultReason(0x04);

    private static final int INVALID_FIELD = 0x07;

    /** No key here has one. */
    private static final AttributeName MISSING = AttributeName.of(Tag.CONTACT_INFORMATION);

    @Override
    KmsServer started(Path directory) {
        return PyKmip.startedIn(directory);
    }

    private static Structure message(TtlvItem... header) {
        return Structure.of(Tag.REQUEST_MESSAGE)
                .add(Structure.of(Tag.REQUEST_HEADER)
                        .add(ProtocolVersion.V1_4.item())
                        .addAll(List.of(header))
                        .integer(Tag.BATCH_COUNT, 1)
                        .build())
                .add(Structure.of(Tag.BATCH_ITEM)
                        .enumeration(Tag.OPERATION, Operation.GET.code())
                        .add(Structure.of(Tag.REQUEST_PAYLOAD).build())
                        .build())
                .build();
    }

    @Test
    void anOperationOnNoKey_isDoneToTheOneThatWasMadeLast_byAnybody_soThatOursAlwaysNameOne() {
        UniqueIdentifier last = created(SEALING);

        try (BareConnection another = BareConnection.to(server)) {
            ResponseItem answer = another.ask(message());

            assertThat(answer.isSuccess()).isTrue();
            assertThat(answer.payload().text(Tag.UNIQUE_IDENTIFIER)).isEqualTo(last.value());
        }
        assertThatThrownBy(() -> new UniqueIdentifier("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyThatClaimsALengthThatItDoesNotHave_isRefusedByTheServer() {
        String name = newName();
        try (KeyMaterial sixteen = KeyMaterial.copyOf(SIXTEEN)) {
            Register lie = new Register(
                    Attributes.of(
                            Attribute.algorithm(CryptographicAlgorithm.AES),
                            Attribute.lengthBits(256),
                            Attribute.usage(SEALING),
                            Attribute.name(name)),
                    ManagedObject.symmetricKey(KeyBlock.aes(sixteen)));

            KmipException refused = refusal(alice.ask(lie));

            assertThat(refused).isInstanceOf(ServerRefused.class);
            assertThat(refused.resultReason()).hasValue(INVALID_FIELD);
        }
        assertThat(now(alice.ask(Locate.pgTdeKey(name)))).isEmpty();
    }

    @Test
    void aRequestThatTheServerNeverAnswers_endsAtItsTimeout_andTheClientGoesOn() {
        UniqueIdentifier id = created(SEALING);
        KmipClient hasty = clients.of(
                KmipSettings.of(List.of(Clients.host(server)))
                        .withRequestTimeout(Duration.ofSeconds(2))
                        .withDeadline(Duration.ofSeconds(6)),
                Clients.files(server.pki(), "alice"));

        KmipException refused = refusal(hasty.ask(new GetAttributes(id, List.of(MISSING)), ProtocolVersion.V2_0));

        assertThat(refused).isInstanceOf(TimedOut.class);
        assertThat(now(hasty.ask(new GetAttributes(id, List.of()))).state()).contains(State.PRE_ACTIVE);
        // and in 1.x, which the client prefers, what is not there is left out
        assertThat(now(hasty.ask(new GetAttributes(id, List.of(MISSING)))).list())
                .isEmpty();
    }

    @Test
    void anAnswerWithoutOperationOrVersion_isARefusal_andTheConnectionGoesOn() {
        UniqueIdentifier id = created(SEALING);

        for (KmipException refused : List.of(
                refusal(alice.ask(new Export(id, null), ProtocolVersion.V1_4)),
                refusal(alice.ask(new GetAttributes(id, List.of()), ProtocolVersion.V2_1)))) {
            assertThat(refused).isInstanceOf(ServerRefused.class);
            assertThat(refused.resultReason()).hasValue(INVALID_MESSAGE.code());
        }
        assertThat(state(id)).isEqualTo(State.PRE_ACTIVE);
    }

    @Test
    void whatIsOver_isRefused_orGone() {
        UniqueIdentifier preActive = created(SEALING);
        assertThat(refusal(alice.ask(Revoke.because(preActive, Revoke.Reason.CESSATION_OF_OPERATION)))
                        .resultReason())
                .hasValue(0x0B);
        UniqueIdentifier id = activated(SEALING);
        revoked(id, Revoke.Reason.CESSATION_OF_OPERATION);

        assertThat(refusal(alice.ask(Revoke.because(id, Revoke.Reason.CESSATION_OF_OPERATION)))
                        .resultReason())
                .hasValue(0x0B);
        now(alice.ask(new Destroy(id)));
        assertThat(refusal(alice.ask(new Destroy(id))).resultReason()).hasValue(0x01);
    }

    @Test
    void aServerWhoseClockIsWrong_refusesATimeStamp_andServesAClientThatSendsNone(@TempDir Path directory)
            throws Exception {
        for (Duration ahead : List.of(Duration.ofMinutes(-10), Duration.ofMinutes(10))) {
            Path place = Files.createDirectory(directory.resolve("ahead " + ahead.toMinutes()));
            try (PyKmip wrong = PyKmip.startedIn(
                    place, PyKmip.Setup.on(place.resolve("keys.sqlite")).clockAhead(ahead))) {
                try (BareConnection stamping = BareConnection.to(wrong)) {
                    ResponseItem answer = stamping.ask(message(new TtlvItem.DateTime(
                            Tag.TIME_STAMP, Clock.systemUTC().instant().getEpochSecond())));
                    assertThat(answer.reason()).isEqualTo(INVALID_MESSAGE);
                }

                assertThat(now(clients.of(wrong, "alice").ask(Locate.pgTdeKey("none"))))
                        .isEmpty();
            }
        }
    }

    @Test
    void theServer_endsWithWhoeverStartedIt(@TempDir Path directory) {
        PyKmip another = PyKmip.startedIn(directory);

        another.orphan();

        assertThat(another.lastLog()).doesNotContain("Traceback");
    }

    @Test
    void theServer_killedAndStartedAgain_hasItsKeys(@TempDir Path directory) {
        try (PyKmip another = PyKmip.startedIn(directory);
                KeyMaterial key = KeyMaterial.copyOf(SIXTEEN)) {
            UniqueIdentifier id = now(clients.of(another, "alice").ask(Register.aes(key, SEALING, "kept")));

            another.kill();
            another.start();

            assertThat(now(clients.of(another, "alice").ask(Locate.pgTdeKey("kept"))))
                    .containsExactly(id);
        }
    }
}
