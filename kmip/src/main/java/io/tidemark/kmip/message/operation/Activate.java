package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Makes a pre-active key active; servers refuse it for one that is active already.
 */
public record Activate(UniqueIdentifier id) implements RequestPayload<UniqueIdentifier> {
    @Override
    public Operation operation() {
        return Operation.ACTIVATE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD).add(IdentifierField.of(id)).build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload, id);
    }
}
