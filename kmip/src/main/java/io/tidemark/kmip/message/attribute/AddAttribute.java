package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Gives an object one attribute more, also a second Name. PyKMIP does not have it.
 */
public record AddAttribute(UniqueIdentifier id, Attribute attribute) implements RequestPayload<UniqueIdentifier> {
    @Override
    public Operation operation() {
        return Operation.ADD_ATTRIBUTE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        Structure.Builder payload = Structure.of(Tag.REQUEST_PAYLOAD).add(IdentifierField.of(id));
        return version.hasTaggedAttributes()
                ? payload.add(AttributeField.of(Tag.NEW_ATTRIBUTE, attribute)).build()
                : payload.add(attribute.item(version)).build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload, id);
    }
}
