package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/** The New Attribute and Current Attribute of KMIP 2.x: one attribute in a structure of its own. */
final class AttributeField {
    private AttributeField() {}

    static Structure of(Tag field, Attribute attribute) {
        return Structure.of(field).add(attribute.item(ProtocolVersion.V2_0)).build();
    }
}
