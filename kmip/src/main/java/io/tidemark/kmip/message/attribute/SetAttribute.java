package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Gives an object an attribute that it may have once, whether it has it already or not. From 2.0 on.
 */
public record SetAttribute(UniqueIdentifier id, Attribute attribute) implements RequestPayload<UniqueIdentifier> {
    @Override
    public Operation operation() {
        return Operation.SET_ATTRIBUTE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .add(AttributeField.of(Tag.NEW_ATTRIBUTE, attribute))
                .build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload, id);
    }
}
