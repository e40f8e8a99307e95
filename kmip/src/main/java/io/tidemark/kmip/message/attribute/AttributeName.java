package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.Optional;
import java.util.Set;

/**
 * What an attribute is called. One of the specification's has words ({@code Cryptographic Length}) and a tag; one of a vendor has the
 * vendor and a name, which 1.x writes as one: {@code x-lab} is {@code lab} of the vendor {@code x}, the client's own.
 *
 * @param vendor empty for one of the specification's
 */
public record AttributeName(String vendor, String name) {
    private static final Set<String> VENDORS_OF_1_X = Set.of("x", "y");

    /** Of the specification's. */
    public static AttributeName of(Tag tag) {
        return new AttributeName("", tag.words());
    }

    /** As 1.x writes it, and people do. */
    public static AttributeName parse(String text) {
        boolean custom = text.length() > 2 && text.charAt(1) == '-' && VENDORS_OF_1_X.contains(text.substring(0, 1));
        return custom ? new AttributeName(text.substring(0, 1), text.substring(2)) : new AttributeName("", text);
    }

    /** The tag that it has in 2.x; empty for one of a vendor, and for a name that the specification does not have. */
    public Optional<Tag> tag() {
        return vendor.isEmpty() ? Tag.worded(name) : Optional.empty();
    }

    /** How a request names it: as text in 1.x, as a reference from 2.0 on. */
    TtlvItem reference(ProtocolVersion version) {
        if (!version.hasTaggedAttributes()) {
            return TextString.of(Tag.ATTRIBUTE_NAME, textOf1x());
        }
        Optional<Tag> tag = tag();
        return tag.isPresent()
                ? new TtlvItem.Enumeration(
                        Tag.ATTRIBUTE_REFERENCE, tag.orElseThrow().code())
                : Structure.of(Tag.ATTRIBUTE_REFERENCE)
                        .text(Tag.VENDOR_IDENTIFICATION, vendor)
                        .text(Tag.ATTRIBUTE_NAME, name)
                        .build();
    }

    /** Reads what {@link #reference} writes, of either version. */
    static AttributeName read(TtlvItem reference) {
        return switch (reference.type()) {
            case TEXT_STRING -> parse(((TextString) reference).value());
            case ENUMERATION -> of(tag(((TtlvItem.Enumeration) reference).value()));
            case STRUCTURE ->
                new AttributeName(
                        ((Structure) reference).text(Tag.VENDOR_IDENTIFICATION),
                        ((Structure) reference).text(Tag.ATTRIBUTE_NAME));
            default ->
                throw MalformedMessage.of("%s refers to an attribute by a %s", reference.tag(), reference.type());
        };
    }

    private static Tag tag(int code) {
        if (code < 0 || code > 0xFFFFFF) {
            throw MalformedMessage.of("0x%08X refers to no attribute", code);
        }
        return new Tag(code);
    }

    String textOf1x() {
        if (vendor.isEmpty()) {
            return name;
        }
        if (!VENDORS_OF_1_X.contains(vendor)) {
            throw new IllegalArgumentException("KMIP 1.x has no attributes of the vendor " + vendor);
        }
        return vendor + "-" + name;
    }

    @Override
    public String toString() {
        return vendor.isEmpty() ? name : vendor + "-" + name;
    }
}
