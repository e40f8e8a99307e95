package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Random bytes of the server.
 */
public record RngRetrieve(int lengthBytes) implements RequestPayload<KeyMaterial> {
    private static final int MOST = 1 << 16;

    public RngRetrieve {
        if (lengthBytes < 1 || lengthBytes > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " random bytes, not " + lengthBytes);
        }
    }

    @Override
    public Operation operation() {
        return Operation.RNG_RETRIEVE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .integer(Tag.DATA_LENGTH, lengthBytes)
                .build();
    }

    @Override
    public KeyMaterial read(Structure payload, ProtocolVersion version) {
        ByteString data = payload.required(Tag.DATA, ByteString.class);
        if (data.length() != lengthBytes) {
            throw MalformedMessage.of("%d random bytes, and %d were asked for", data.length(), lengthBytes);
        }
        return KeyMaterial.readAndWipe(data.bytes(), data.length());
    }
}
