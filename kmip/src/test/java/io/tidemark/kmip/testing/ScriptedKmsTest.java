package io.tidemark.kmip.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.BatchResult;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestMessage;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Activate;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Decrypt;
import io.tidemark.kmip.message.operation.Encrypt;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.ttlv.TtlvLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys in memory behave as the servers were measured to; the messages are those of real clients and of ours. */
final class ScriptedKmsTest {
    private static final byte[] KEY = new byte[32];
    private static final ProtocolVersion V1_4 = ProtocolVersion.V1_4;

    private final ScriptedKms cosmian = new ScriptedKms(Dialect.COSMIAN);
    private final ScriptedKms pykmip = new ScriptedKms(Dialect.PYKMIP);

    /** The bytes that a server would send. */
    private static byte[] bytes(ScriptedKms kms, byte[] request, String client) {
        byte[][] sent = new byte[1][];
        kms.answer(new KmipRequest(request, 1, 1, client))
                .play(
                        new Reply.Speaker() {
                            @Override
                            public void send(byte[] bytes, Runnable then) {
                                sent[0] = bytes;
                            }

                            @Override
                            public void later(Duration delay, Runnable then) {
                                throw new AssertionError();
                            }

                            @Override
                            public void close() {
                                throw new AssertionError();
                            }

                            @Override
                            public void reset() {
                                throw new AssertionError();
                            }
                        },
                        () -> {});
        return sent[0];
    }

    private static BatchResult result(
            ScriptedKms kms, RequestPayload<?> payload, ProtocolVersion version, String client) {
        RequestMessage message = RequestMessage.of(version, 7, payload);
        ByteBuf written = message.write(UnpooledByteBufAllocator.DEFAULT);
        byte[] request = new byte[written.readableBytes()];
        written.readBytes(request);
        written.release();
        ByteBuf frame = Unpooled.wrappedBuffer(bytes(kms, request, client));
        return message.results(ResponseMessage.read(frame, TtlvLimits.STANDARD)).get(0);
    }

    private static <A> A ask(ScriptedKms kms, RequestPayload<A> payload, ProtocolVersion version) {
        return payload.read(((BatchResult.Success) result(kms, payload, version, "alice")).payload(), version);
    }

    private static int refusal(ScriptedKms kms, RequestPayload<?> payload, ProtocolVersion version, String client) {
        return ((BatchResult.Refused) result(kms, payload, version, client))
                .reason()
                .code();
    }

    @Test
    void conversationOfPgTde_asItWasRecorded_findsTheKeyThatItRegistered() {
        List<Recording> live = Recording.sample().stream()
                .filter(recording -> recording.peer().equals("pgtde"))
                .limit(4)
                .toList();

        ResponseItem none = playedTo(live.get(0));
        ResponseItem registered = playedTo(live.get(1));
        ResponseItem found = playedTo(live.get(2));

        assertThat(Locate.pgTdeKey("any").read(none.payload(), ProtocolVersion.V1_0))
                .isEmpty();
        assertThat(registered.isSuccess()).isTrue();
        assertThat(Locate.pgTdeKey("any").read(found.payload(), ProtocolVersion.V1_0))
                .containsExactly(new UniqueIdentifier(cosmian.ids().get(0)));
        assertThat(cosmian.state(cosmian.ids().get(0))).isEqualTo(State.PRE_ACTIVE);
        assertThat(cosmian.asked()).containsExactly(Operation.LOCATE, Operation.REGISTER, Operation.LOCATE);
    }

    private ResponseItem playedTo(Recording recording) {
        ByteBuf frame = Unpooled.wrappedBuffer(bytes(cosmian, recording.request(), "pgtde"));
        return ResponseMessage.read(frame, TtlvLimits.STANDARD).items().get(0);
    }

    @Test
    void createdKey_inBothFormsOfAttributes_isFoundByNameAndGoesThroughItsStates() {
        for (ProtocolVersion version : List.of(ProtocolVersion.V1_0, V1_4, ProtocolVersion.V2_1)) {
            Create create = Create.aes(256, UsageMask.ENCRYPT.and(UsageMask.DECRYPT), "key of " + version);
            UniqueIdentifier id = ask(cosmian, create, version);
            ask(cosmian, new Activate(id), version);

            assertThat(ask(cosmian, Locate.pgTdeKey("key of " + version), version))
                    .containsExactly(id);
            assertThat(ask(cosmian, new GetAttributes(id, List.of()), version)).satisfies(attributes -> {
                assertThat(attributes.state()).contains(State.ACTIVE);
                assertThat(attributes.names()).containsExactly("key of " + version);
                assertThat(attributes.usage()).contains(UsageMask.ENCRYPT.and(UsageMask.DECRYPT));
            });
            assertThat(ask(cosmian, Get.of(id), version).key().material().length())
                    .isEqualTo(32);
            assertThat(refusal(cosmian, new Activate(id), version, "alice")).isEqualTo(0x43);
        }
    }

    @Test
    void deactivatedKey_onCosmian_comesByExportIn2xOnly() {
        UniqueIdentifier id = new UniqueIdentifier(cosmian.keep("alice", "k", KEY));
        cosmian.put(id.value(), State.DEACTIVATED);

        assertThat(refusal(cosmian, Get.of(id), V1_4, "alice")).isEqualTo(0x43);
        assertThat(refusal(cosmian, new Export(id, null), V1_4, "alice")).isEqualTo(0x04);
        assertThat(ask(cosmian, new Export(id, null), ProtocolVersion.V2_1)
                        .attributes()
                        .state())
                .contains(State.DEACTIVATED);
    }

    @Test
    void refusals_areThoseOfEachServer() {
        UniqueIdentifier hidden = new UniqueIdentifier(cosmian.keep("bob", "k", KEY));
        UniqueIdentifier told = new UniqueIdentifier(pykmip.keep("bob", "k", KEY));

        assertThat(refusal(cosmian, Get.of(hidden), V1_4, "alice")).isEqualTo(0x37);
        assertThat(refusal(pykmip, Get.of(told), V1_4, "alice")).isEqualTo(0x0C);
        assertThat(ask(cosmian, Locate.pgTdeKey("k"), V1_4)).isEmpty();
        cosmian.put(hidden.value(), State.DESTROYED);
        pykmip.put(told.value(), State.DESTROYED);
        assertThat(refusal(cosmian, Get.of(hidden), V1_4, "bob")).isEqualTo(0x36);
        assertThat(refusal(pykmip, Get.of(told), V1_4, "bob")).isEqualTo(0x01);
        assertThat(refusal(pykmip, Get.of(told), ProtocolVersion.V2_1, "bob")).isEqualTo(0x04);
    }

    @Test
    void whatWasEncrypted_isDecryptedOnlyAsItWas() {
        UniqueIdentifier id = new UniqueIdentifier(pykmip.keep("alice", "k", KEY));
        pykmip.put(id.value(), State.ACTIVE);
        Bytes nonce = Bytes.of(new byte[12]);
        Bytes bound = Bytes.of(new byte[] {1, 2});
        Encrypt.Answer sealed =
                ask(pykmip, new Encrypt(id, KeyMaterial.copyOf(new byte[] {5, 6, 7}), nonce, bound), V1_4);

        KeyMaterial opened = ask(pykmip, new Decrypt(id, sealed.ciphertext(), nonce, bound, sealed.tag()), V1_4);
        int other = refusal(
                pykmip,
                new Decrypt(id, sealed.ciphertext(), nonce, Bytes.of(new byte[1]), sealed.tag()),
                V1_4,
                "alice");

        assertThat(opened.insecureCopy()).containsExactly(5, 6, 7);
        assertThat(other).isEqualTo(0x100);
        pykmip.put(id.value(), State.PRE_ACTIVE);
        assertThat(refusal(pykmip, new Encrypt(id, KeyMaterial.copyOf(KEY), nonce, bound), V1_4, "alice"))
                .isEqualTo(0x0C);
    }

    @Test
    void mischief_isPlayedByOperationUntilItIsCalm() {
        UniqueIdentifier id = new UniqueIdentifier(cosmian.keep("alice", "k", KEY));
        cosmian.refuse(Operation.GET, 0x100, "out of order");
        cosmian.before(Operation.LOCATE, () -> cosmian.forget(id.value()));

        assertThat(refusal(cosmian, Get.of(id), V1_4, "alice")).isEqualTo(0x100);
        assertThat(ask(cosmian, Locate.pgTdeKey("k"), V1_4)).isEmpty();
        String again = cosmian.keep("alice", "k", KEY);
        cosmian.calm();
        assertThat(ask(cosmian, Locate.pgTdeKey("k"), V1_4)).containsExactly(new UniqueIdentifier(again));
        assertThat(Arrays.equals(cosmian.bytes(again), KEY)).isTrue();
    }
}
