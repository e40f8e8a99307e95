package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import java.util.List;

/**
 * What the server knows about an object. PyKMIP does not answer at all where it is asked in 2.0 for an attribute that the object lacks.
 *
 * @param names which ones; none for all that there are
 */
public record GetAttributes(UniqueIdentifier id, List<AttributeName> names) implements RequestPayload<Attributes> {
    public GetAttributes {
        names = List.copyOf(names);
    }

    @Override
    public Operation operation() {
        return Operation.GET_ATTRIBUTES;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .addAll(names.stream().map(name -> name.reference(version)).toList())
                .build();
    }

    /** Fewer than were asked for where the object does not have them. */
    @Override
    public Attributes read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        return Attributes.read(payload);
    }
}
