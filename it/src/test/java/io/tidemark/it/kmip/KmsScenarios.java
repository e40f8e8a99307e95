package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static io.tidemark.it.kmip.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.KeyNotFound;
import io.tidemark.kmip.KmipException.NotPermitted;
import io.tidemark.kmip.KmipException.ProtocolViolation;
import io.tidemark.kmip.KmipException.WrongLifecycleState;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.client.HostReport;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Activate;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Decrypt;
import io.tidemark.kmip.message.operation.Destroy;
import io.tidemark.kmip.message.operation.Encrypt;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.message.operation.Query;
import io.tidemark.kmip.message.operation.Revoke;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the client makes of a server's keys, the same on every server. */
abstract class KmsScenarios extends KmsFixture {
    // versions

    @Test
    public final void version_isTheNewestOf1x_andIsAgreedUponOnce() {
        assertThat(now(alice.version())).isEqualTo(ProtocolVersion.V1_4);
        assertThat(now(alice.version())).isEqualTo(ProtocolVersion.V1_4);
    }

    @Test
    public final void everyVersionOfTheServers_givesTheSameKey() {
        UniqueIdentifier id = registered(newName());

        HostReport report = now(alice.examine(Clients.host(server)));

        assertThat(report.versions()).contains(ProtocolVersion.V1_0, ProtocolVersion.V1_4, ProtocolVersion.V2_0);
        try (KeyMaterial expected = KeyMaterial.copyOf(SIXTEEN)) {
            for (ProtocolVersion version : report.versions()) {
                try (ManagedObject object = now(alice.ask(Get.of(id), version))) {
                    assertThat(object.key().material().matches(expected))
                            .as("KMIP %s", version)
                            .isTrue();
                }
                assertThat(now(alice.ask(new GetAttributes(id, List.of()), version))
                                .state())
                        .as("KMIP %s", version)
                        .contains(State.PRE_ACTIVE);
            }
        }
    }

    @Test
    public final void examination_saysWhoBothAre_andWhatEachStepTook() {
        HostReport report = now(alice.examine(Clients.host(server)));

        assertThat(report.clientCertificate()).isNotNull();
        assertThat(report.clientCertificate().commonName()).isEqualTo("alice");
        assertThat(report.serverCertificates().get(0).commonName()).isEqualTo("localhost");
        assertThat(report.tlsVersion()).startsWith("TLSv1.");
        assertThat(report.connect()).isPositive();
        assertThat(report.handshake()).isPositive();
        assertThat(report.firstAnswer()).isPositive();
    }

    @Test
    public final void query_saysWhatTheServerIs_andLocateAndGetAreThere() {
        Query.Answer answer =
                now(alice.ask(new Query(List.of(Query.Function.OPERATIONS, Query.Function.SERVER_INFORMATION))));

        assertThat(answer.operations()).contains(Operation.LOCATE, Operation.GET, Operation.REGISTER);
        assertThat(answer.vendor()).isNotEmpty();
    }

    // finding keys: point 1

    @Test
    public final void keysByName_areNone_one_orSeveral() {
        String name = newName();

        assertThat(now(alice.ask(Locate.pgTdeKey(name)))).isEmpty();
        UniqueIdentifier one = registered(name);
        assertThat(now(alice.ask(Locate.pgTdeKey(name)))).containsExactly(one);
        UniqueIdentifier two = registered(name);
        assertThat(now(alice.ask(Locate.pgTdeKey(name)))).containsExactlyInAnyOrder(one, two);
    }

    @Test
    public final void names_areCompared_wholeAndByCase() {
        String name = newName();
        registered(name);

        assertThat(now(alice.ask(Locate.pgTdeKey(name.toUpperCase(Locale.ROOT)))))
                .isEmpty();
        assertThat(now(alice.ask(Locate.pgTdeKey(name.substring(1))))).isEmpty();
        assertThat(now(alice.ask(Locate.pgTdeKey(name + " ")))).isEmpty();
    }

    @Test
    public final void aNameThatPgTdeCut_isCutTheSameWay() {
        String longName = newName() + "x".repeat(255);
        UniqueIdentifier id = registered(longName.substring(0, Attribute.PG_TDE_NAME_BYTES));

        assertThat(now(alice.ask(Locate.pgTdeKey(longName)))).containsExactly(id);
    }

    @Test
    public final void aKeyOfPgTde_isNotActive_soThatItsStateWouldHideIt() {
        String name = newName();
        UniqueIdentifier id = registered(name);

        assertThat(state(id)).isEqualTo(State.PRE_ACTIVE);
        assertThat(now(alice.ask(Locate.of(Attributes.of(
                        Attribute.objectType(ObjectType.SYMMETRIC_KEY),
                        Attribute.name(name),
                        Attribute.state(State.ACTIVE))))))
                .isEmpty();
        try (KeyMaterial key = key(id);
                KeyMaterial expected = KeyMaterial.copyOf(SIXTEEN)) {
            assertThat(key.matches(expected)).isTrue();
        }
    }

    // not there, not yours: point 2

    @Test
    public final void whatWasNeverThere_isNotFound_whateverTheServersNumber() {
        KmipException refused = refusedGet(alice, new UniqueIdentifier("999999"));

        assertThat(refused).isInstanceOf(KeyNotFound.class);
        assertThat(refused.resultReason()).hasValue(server.manner().noSuchKey());
        assertThat(refused.host()).isEqualTo(Clients.host(server).toString());
        assertThat(refused.isTransient()).isFalse();
    }

    @Test
    public final void theKeyOfAnother_isNotGiven_andNotEvenFound() {
        String name = newName();
        UniqueIdentifier id = registered(name);

        KmipException refused = refusedGet(bob, id);

        assertThat(refused).isInstanceOfAny(NotPermitted.class, KeyNotFound.class);
        assertThat(refused.resultReason()).hasValue(server.manner().notYours());
        assertThat(now(bob.ask(Locate.pgTdeKey(name)))).isEmpty();
    }

    // states: point 3

    @Test
    public final void aCreatedKey_goesThroughItsStates_andIsFoundUntilItIsDestroyed() {
        String name = newName();
        UniqueIdentifier id = now(alice.ask(Create.aes(256, SEALING, name)));
        Attributes attributes = now(alice.ask(new GetAttributes(id, List.of())));
        assertThat(attributes.names()).containsExactly(name);
        assertThat(attributes.lengthBits()).hasValue(256);
        assertThat(attributes.usage()).contains(SEALING);
        assertThat(attributes.state()).contains(State.PRE_ACTIVE);

        now(alice.ask(new Activate(id)));
        assertThat(state(id)).isEqualTo(State.ACTIVE);
        try (KeyMaterial key = key(id)) {
            assertThat(key.length()).isEqualTo(32);
        }
        revoked(id, Revoke.Reason.CESSATION_OF_OPERATION);
        assertThat(state(id)).isEqualTo(State.DEACTIVATED);
        assertThat(now(alice.ask(Locate.pgTdeKey(name)))).containsExactly(id);
        now(alice.ask(new Destroy(id)));

        assertThat(now(alice.ask(Locate.pgTdeKey(name)))).isEmpty();
        KmipException gone = refusedGet(alice, id);
        assertThat(gone).isInstanceOf(KeyNotFound.class);
        assertThat(gone.resultReason()).hasValue(server.manner().destroyed());
    }

    @Test
    public final void t58_aRevokedKey_isGivenByGet_orByExportWhereGetIsRefused() {
        UniqueIdentifier id = activated(SEALING);
        try (KeyMaterial before = key(id)) {
            revoked(id, Revoke.Reason.CESSATION_OF_OPERATION);

            if (server.manner().givesDeactivatedKeys()) {
                try (KeyMaterial after = key(id)) {
                    assertThat(after.matches(before)).isTrue();
                }
            } else {
                KmipException refused = refusedGet(alice, id);
                assertThat(refused).isInstanceOf(WrongLifecycleState.class);
                assertThat(refused.resultReason()).hasValue(server.manner().wrongState());
                try (Export.Answer exported = now(alice.ask(new Export(id, null), ProtocolVersion.V2_1))) {
                    assertThat(exported.object().key().material().matches(before))
                            .isTrue();
                }
            }
        }
    }

    @Test
    public final void aCompromisedKey_isStillGiven() {
        UniqueIdentifier id = activated(SEALING);
        try (KeyMaterial before = key(id)) {
            revoked(id, Revoke.Reason.KEY_COMPROMISE);

            assertThat(state(id)).isEqualTo(State.COMPROMISED);
            try (KeyMaterial after = key(id)) {
                assertThat(after.matches(before)).isTrue();
            }
        }
    }

    @Test
    public final void whatAStateDoesNotAllow_isRefused_withTheServersNumber() {
        UniqueIdentifier active = activated(SEALING);

        for (KmipException refused :
                List.of(refusal(alice.ask(new Activate(active))), refusal(alice.ask(new Destroy(active))))) {
            assertThat(refused).isInstanceOfAny(WrongLifecycleState.class, NotPermitted.class);
            assertThat(refused.resultReason()).hasValue(server.manner().wrongState());
        }
        assertThat(state(active)).isEqualTo(State.ACTIVE);
    }

    // keys that stay at the server

    @Test
    public final void whatTheServerSealed_itOpens_andNothingElse() {
        UniqueIdentifier id = activated(SEALING);
        Bytes nonce = bytes("twelve bytes");
        Bytes context = bytes("which object this belongs to");
        try (KeyMaterial secret = KeyMaterial.copyOf(SIXTEEN)) {
            Encrypt.Answer sealed = now(alice.ask(new Encrypt(id, secret, nonce, context)));

            try (KeyMaterial opened =
                    now(alice.ask(new Decrypt(id, sealed.ciphertext(), nonce, context, sealed.tag())))) {
                assertThat(opened.matches(secret)).isTrue();
            }
            for (Decrypt wrong : List.of(
                    new Decrypt(id, sealed.ciphertext(), nonce, bytes("something else"), sealed.tag()),
                    new Decrypt(id, bytes("sixteen bytes..."), nonce, context, sealed.tag()),
                    new Decrypt(id, sealed.ciphertext(), nonce, context, bytes("sixteen bytes...")))) {
                KmipException refused = refusal(alice.ask(wrong));
                assertThat(refused).isNotInstanceOfAny(ProtocolViolation.class, KeyNotFound.class);
                assertThat(refused.resultReason()).hasValue(server.manner().wrongTag());
            }
        }
    }

    @Test
    public final void aKeyThatIsNotActive_sealsNothing() {
        UniqueIdentifier id = created(SEALING);
        try (KeyMaterial secret = KeyMaterial.copyOf(SIXTEEN)) {
            KmipException refused =
                    refusal(alice.ask(new Encrypt(id, secret, bytes("twelve bytes"), bytes("context"))));

            assertThat(refused).isInstanceOfAny(WrongLifecycleState.class, NotPermitted.class);
            assertThat(refused.resultReason()).hasValue(0x0C);
        }
    }
}
