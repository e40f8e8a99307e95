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
 * Gives an attribute that an object has another value.
 *
 * @param current which of several of that name, from 2.0 on; 1.x tells them apart by the index of the changed one
 */
public record ModifyAttribute(UniqueIdentifier id, @Nullable Attribute current, Attribute changed)
        implements RequestPayload<UniqueIdentifier> {
    @Override
    public Operation operation() {
        return Operation.MODIFY_ATTRIBUTE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        Structure.Builder payload = Structure.of(Tag.REQUEST_PAYLOAD).add(IdentifierField.of(id));
        if (!version.hasTaggedAttributes()) {
            return payload.add(changed.indexed()).build();
        }
        return payload.addOptional(current == null ? null : AttributeField.of(Tag.CURRENT_ATTRIBUTE, current))
                .add(AttributeField.of(Tag.NEW_ATTRIBUTE, changed))
                .build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload, id);
    }
}
