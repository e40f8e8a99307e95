package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import java.util.List;

/** Which attributes an object has; Cosmian lists also those that it could have. */
public record GetAttributeList(UniqueIdentifier id) implements RequestPayload<List<AttributeName>> {
    @Override
    public Operation operation() {
        return Operation.GET_ATTRIBUTE_LIST;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD).add(IdentifierField.of(id)).build();
    }

    @Override
    public List<AttributeName> read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        Tag reference = version.hasTaggedAttributes() ? Tag.ATTRIBUTE_REFERENCE : Tag.ATTRIBUTE_NAME;
        return payload.children().stream()
                .filter(item -> item.tag().equals(reference))
                .map(AttributeName::read)
                .toList();
    }
}
