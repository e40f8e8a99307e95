package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.key.KeyWrapping;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an object with its key and its attributes, on Cosmian also one that is deactivated (from 2.0 on; its 1.4 does not work).
 *
 * @param wrapping null for the key in clear
 */
public record Export(UniqueIdentifier id, @Nullable KeyWrapping wrapping) implements RequestPayload<Export.Answer> {
    /** Whoever gets one closes it. */
    public record Answer(ManagedObject object, Attributes attributes) implements AutoCloseable {
        @Override
        public void close() {
            object.close();
        }
    }

    @Override
    public Operation operation() {
        return Operation.EXPORT;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .addOptional(wrapping == null ? null : wrapping.specification())
                .build();
    }

    @Override
    public Export.Answer read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        Attributes attributes = Attributes.read(payload);
        return new Answer(ManagedObject.read(payload, wrapping), attributes);
    }
}
