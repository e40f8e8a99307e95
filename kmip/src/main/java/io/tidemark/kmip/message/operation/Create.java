package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Has the server make a symmetric key, which never was anywhere else.
 */
public record Create(Attributes attributes) implements RequestPayload<UniqueIdentifier> {
    /** An AES key of that many bits for that use. */
    public static Create aes(int bits, UsageMask usage, String name) {
        return new Create(Attributes.of(
                Attribute.algorithm(CryptographicAlgorithm.AES),
                Attribute.lengthBits(bits),
                Attribute.usage(usage),
                Attribute.name(name)));
    }

    @Override
    public Operation operation() {
        return Operation.CREATE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .enumeration(Tag.OBJECT_TYPE, ObjectType.SYMMETRIC_KEY.code())
                .add(attributes.template(version))
                .build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload);
    }
}
