package io.tidemark.kmip.message.operation;

import io.netty.buffer.Unpooled;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Has the server seal a small secret with a key that does not leave it: AES-GCM. From 1.4 on, for before that the tag has no field, and
 * servers drop it without a word: such a ciphertext is lost.
 *
 * @param plaintext lent: the message copies it, and wipes the copy
 * @param nonce of 12 bytes, never used twice with one key
 */
public record Encrypt(UniqueIdentifier id, KeyMaterial plaintext, Bytes nonce, Bytes additionalData)
        implements RequestPayload<Encrypt.Answer> {
    public Encrypt {
        if (nonce.length() != GcmParameters.NONCE_BYTES) {
            throw new IllegalArgumentException("a nonce has 12 bytes, not " + nonce.length());
        }
    }

    /**
     * What {@link Decrypt} needs again.
     *
     * @param ciphertext as long as the plaintext
     * @param tag of 16 bytes
     */
    public record Answer(Bytes ciphertext, Bytes tag) {}

    @Override
    public Operation operation() {
        return Operation.ENCRYPT;
    }

    @Override
    public ProtocolVersion since() {
        return ProtocolVersion.V1_4;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .add(GcmParameters.item())
                .bytes(Tag.DATA, Unpooled.wrappedBuffer(plaintext.insecureCopy()))
                .add(nonce.item(Tag.IV_COUNTER_NONCE))
                .add(additionalData.item(Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA))
                .build();
    }

    @Override
    public Answer read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        ByteString data = payload.required(Tag.DATA, ByteString.class);
        ByteString tag = payload.required(Tag.AUTHENTICATED_ENCRYPTION_TAG, ByteString.class);
        if (data.length() != plaintext.length()) {
            throw MalformedMessage.of(
                    "%d bytes of plaintext became %d of ciphertext", plaintext.length(), data.length());
        }
        if (tag.length() != GcmParameters.TAG_BYTES) {
            throw MalformedMessage.of("an authentication tag of %d bytes", tag.length());
        }
        ByteString used = payload.item(Tag.IV_COUNTER_NONCE, ByteString.class);
        if (used != null && !Bytes.of(used).equals(nonce)) {
            throw new MalformedMessage("the server used another nonce than it was given");
        }
        return new Answer(Bytes.of(data), Bytes.of(tag));
    }
}
