package io.tidemark.kmip.message.operation;

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
 * Has the server open what {@link Encrypt} made; one that was changed, or goes with other additional data, is refused by the server. The
 * answer is closed by whoever gets it.
 */
public record Decrypt(UniqueIdentifier id, Bytes ciphertext, Bytes nonce, Bytes additionalData, Bytes tag)
        implements RequestPayload<KeyMaterial> {
    @Override
    public Operation operation() {
        return Operation.DECRYPT;
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
                .add(ciphertext.item(Tag.DATA))
                .add(nonce.item(Tag.IV_COUNTER_NONCE))
                .add(additionalData.item(Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA))
                .add(tag.item(Tag.AUTHENTICATED_ENCRYPTION_TAG))
                .build();
    }

    @Override
    public KeyMaterial read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        ByteString data = payload.required(Tag.DATA, ByteString.class);
        if (data.length() != ciphertext.length()) {
            throw MalformedMessage.of(
                    "%d bytes of ciphertext became %d of plaintext", ciphertext.length(), data.length());
        }
        return KeyMaterial.readAndWipe(data.bytes(), data.length());
    }
}
