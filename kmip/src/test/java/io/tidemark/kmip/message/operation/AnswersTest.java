package io.tidemark.kmip.message.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that are about something else than was asked (KMIP.md sections 0, 6, 8, 12; the traps T56 and T57). */
final class AnswersTest {
    private static final UniqueIdentifier ID = new UniqueIdentifier("id");
    private static final Bytes NONCE = Bytes.of(new byte[12]);

    @Test
    void t56_read_aboutAnotherObject_isRefused() {
        for (RequestPayload<?> request : List.of(
                Get.of(ID),
                new Activate(ID),
                new Destroy(ID),
                new Export(ID, null),
                Revoke.because(ID, Revoke.Reason.SUPERSEDED))) {
            refused(
                    "about object other, and id was asked for",
                    request,
                    payload("other").build());
            refused(
                    "has no UniqueIdentifier",
                    request,
                    Structure.of(Tag.RESPONSE_PAYLOAD).build());
        }
    }

    @Test
    void t57_rekey_answeredWithTheSameKey_isRefused() {
        refused(
                "has the identifier of the old one",
                new ReKey(ID),
                payload("id").build());
        assertThat(new ReKey(ID).read(payload("new").build(), ProtocolVersion.V1_4))
                .isEqualTo(new UniqueIdentifier("new"));
    }

    @Test
    void locate_withMoreThanWasAskedFor_isRefused() {
        Locate locate = new Locate(Attributes.NONE, 2, 0, null);

        assertThat(locate.read(Structure.of(Tag.RESPONSE_PAYLOAD).build(), ProtocolVersion.V1_4))
                .isEmpty();
        assertThat(locate.read(ids("a", "b"), ProtocolVersion.V1_4)).hasSize(2);
        refused("more than the 2 identifiers", locate, ids("a", "b", "c"));
        refused("more than 128", locate, ids("x".repeat(129)));
        refused("control characters", locate, ids("a\u001B[2J"));
        refused("is empty", locate, ids(""));
    }

    @Test
    void encrypt_below1_4_isNotAskedFor() {
        try (KeyMaterial secret = KeyMaterial.copyOf(new byte[16])) {
            assertThat(new Encrypt(ID, secret, NONCE, Bytes.of(new byte[0])).since())
                    .isEqualTo(ProtocolVersion.V1_4);
            assertThatThrownBy(() -> new Encrypt(ID, secret, Bytes.of(new byte[16]), NONCE))
                    .hasMessageContaining("12 bytes");
        }
    }

    @Test
    void encrypt_withoutTagOrWithAnotherNonce_isRefused() {
        try (KeyMaterial secret = KeyMaterial.copyOf(new byte[16])) {
            Encrypt encrypt = new Encrypt(ID, secret, NONCE, Bytes.of(new byte[3]));
            ByteString data = ByteString.copyOf(Tag.DATA, new byte[16]);
            ByteString tag = ByteString.copyOf(Tag.AUTHENTICATED_ENCRYPTION_TAG, new byte[16]);

            assertThat(encrypt.read(payload("id").add(data).add(tag).build(), ProtocolVersion.V1_4)
                            .tag()
                            .length())
                    .isEqualTo(16);
            refused(
                    "no AuthenticatedEncryptionTag",
                    encrypt,
                    payload("id").add(data).build());
            refused(
                    "16 bytes of plaintext became 32",
                    encrypt,
                    payload("id")
                            .add(ByteString.copyOf(Tag.DATA, new byte[32]))
                            .add(tag)
                            .build());
            refused(
                    "a tag of 8 bytes".substring(2),
                    encrypt,
                    payload("id")
                            .add(data)
                            .add(ByteString.copyOf(Tag.AUTHENTICATED_ENCRYPTION_TAG, new byte[8]))
                            .build());
            refused(
                    "another nonce",
                    encrypt,
                    payload("id")
                            .add(data)
                            .add(ByteString.copyOf(Tag.IV_COUNTER_NONCE, new byte[] {1}))
                            .add(tag)
                            .build());
        }
    }

    @Test
    void decrypt_ofAnotherLength_isRefused() {
        Decrypt decrypt = new Decrypt(ID, Bytes.of(new byte[16]), NONCE, Bytes.of(new byte[0]), Bytes.of(new byte[16]));

        refused(
                "16 bytes of ciphertext became 5",
                decrypt,
                payload("id").add(ByteString.copyOf(Tag.DATA, new byte[5])).build());
    }

    @Test
    void rngRetrieve_ofAnotherLength_isRefused() {
        Structure short4 = Structure.of(Tag.RESPONSE_PAYLOAD)
                .add(ByteString.copyOf(Tag.DATA, new byte[4]))
                .build();

        refused("4 random bytes, and 8 were asked for", new RngRetrieve(8), short4);
        try (KeyMaterial four = new RngRetrieve(4).read(short4, ProtocolVersion.V1_2)) {
            assertThat(four.length()).isEqualTo(4);
        }
    }

    @Test
    void check_ofWhatAKeyMayNotDo_repeatsIt() {
        Structure may = payload("id").build();
        Structure mayNot =
                payload("id").integer(Tag.CRYPTOGRAPHIC_USAGE_MASK, 0x10).build();

        assertThat(new Check(ID, UsageMask.WRAP_KEY)
                        .read(may, ProtocolVersion.V1_4)
                        .refused())
                .isNull();
        assertThat(new Check(ID, UsageMask.WRAP_KEY)
                        .read(mayNot, ProtocolVersion.V1_4)
                        .refused())
                .hasToString("WrapKey");
        assertThat(new Ping().read(may, ProtocolVersion.V2_1)).isEqualTo(Ping.Pong.HERE);
    }

    private static Structure.Builder payload(String id) {
        return Structure.of(Tag.RESPONSE_PAYLOAD).text(Tag.UNIQUE_IDENTIFIER, id);
    }

    private static Structure ids(String... ids) {
        Structure.Builder payload = Structure.of(Tag.RESPONSE_PAYLOAD);
        for (String id : ids) {
            payload.text(Tag.UNIQUE_IDENTIFIER, id);
        }
        return payload.build();
    }

    private static void refused(String says, RequestPayload<?> request, Structure payload) {
        assertThatThrownBy(() -> request.read(payload, ProtocolVersion.V1_4))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining(says);
    }
}
