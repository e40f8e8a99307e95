package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Takes an attribute from an object.
 *
 * @param index which of several of that name, in 1.x
 * @param current which of several of that name, from 2.0 on; null for the name alone
 */
public record DeleteAttribute(
        UniqueIdentifier id,
        AttributeName name,
        int index,
        @Nullable Attribute current) implements RequestPayload<UniqueIdentifier> {
    @Override
    public Operation operation() {
        return Operation.DELETE_ATTRIBUTE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        Structure.Builder payload = Structure.of(Tag.REQUEST_PAYLOAD).add(IdentifierField.of(id));
        if (!version.hasTaggedAttributes()) {
            return payload.add(name.reference(version))
                    .integer(Tag.ATTRIBUTE_INDEX, index)
                    .build();
        }
        return payload.add(
                        current == null ? name.reference(version) : AttributeField.of(Tag.CURRENT_ATTRIBUTE, current))
                .build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload, id);
    }
}
