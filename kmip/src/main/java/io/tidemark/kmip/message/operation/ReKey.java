package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Makes a new key in place of another. The Name moves to the new one, so that whoever finds keys by name finds other bytes: never for a
 * key of pg_tde.
 */
public record ReKey(UniqueIdentifier id) implements RequestPayload<UniqueIdentifier> {
    @Override
    public Operation operation() {
        return Operation.RE_KEY;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD).add(IdentifierField.of(id)).build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        UniqueIdentifier made = IdentifierField.read(payload);
        if (made.equals(id)) {
            throw new MalformedMessage("the new key has the identifier of the old one");
        }
        return made;
    }
}
