package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.key.KeyBlock;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Brings a key to the server. The key is lent: the message copies it, and wipes the copy.
 */
public record Register(Attributes attributes, ManagedObject object) implements RequestPayload<UniqueIdentifier> {
    /** An AES key, as pg_tde stores one. */
    public static Register aes(KeyMaterial key, UsageMask usage, String name) {
        return new Register(
                Attributes.of(
                        Attribute.algorithm(CryptographicAlgorithm.AES),
                        Attribute.lengthBits(key.length() * 8),
                        Attribute.usage(usage),
                        Attribute.name(name)),
                ManagedObject.symmetricKey(KeyBlock.aes(key)));
    }

    @Override
    public Operation operation() {
        return Operation.REGISTER;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .enumeration(Tag.OBJECT_TYPE, object.type().code())
                .add(attributes.template(version))
                .add(object.item())
                .build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload);
    }
}
