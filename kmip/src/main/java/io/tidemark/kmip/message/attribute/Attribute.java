package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attribute.
 *
 * @param index which of several of that name it is, in 1.x
 * @param value stands alone; its tag is the attribute's own, or Attribute Value where it has none
 */
public record Attribute(AttributeName name, int index, TtlvItem value) {
    /** Bytes of a name that pg_tde's library sends; what comes after them is lost (KMIP.md section 3). */
    public static final int PG_TDE_NAME_BYTES = 250;

    private static final int UNINTERPRETED_TEXT = 1;

    /** One of the specification's, by the tag of its value. */
    public static Attribute of(TtlvItem value) {
        return new Attribute(AttributeName.of(value.tag()), 0, value);
    }

    /** One of ours, of text; 1.x calls it {@code x-name}. */
    public static Attribute custom(String name, String value) {
        return new Attribute(new AttributeName("x", name), 0, TextString.of(Tag.ATTRIBUTE_VALUE, value));
    }

    public static Attribute name(String name) {
        return name(TextString.of(Tag.NAME_VALUE, name));
    }

    /** The name under which pg_tde stores a key: cut at {@value #PG_TDE_NAME_BYTES} bytes, perhaps within a character. */
    public static Attribute pgTdeName(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return utf8.length <= PG_TDE_NAME_BYTES
                ? name(name)
                : name(TextString.ofBytes(Tag.NAME_VALUE, Arrays.copyOf(utf8, PG_TDE_NAME_BYTES)));
    }

    /** The same as {@link Attributes#names()} reads it: a character that was cut is U+FFFD. */
    public static String pgTdeNameAsRead(String name) {
        return Attributes.of(pgTdeName(name)).names().get(0);
    }

    private static Attribute name(TextString value) {
        return of(Structure.of(Tag.NAME)
                .add(value)
                .enumeration(Tag.NAME_TYPE, UNINTERPRETED_TEXT)
                .build());
    }

    public static Attribute objectType(ObjectType type) {
        return of(new TtlvItem.Enumeration(Tag.OBJECT_TYPE, type.code()));
    }

    public static Attribute state(State state) {
        return of(new TtlvItem.Enumeration(Tag.STATE, state.code()));
    }

    public static Attribute algorithm(CryptographicAlgorithm algorithm) {
        return of(new TtlvItem.Enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, algorithm.code()));
    }

    public static Attribute lengthBits(int bits) {
        return of(new TtlvItem.IntegerItem(Tag.CRYPTOGRAPHIC_LENGTH, bits));
    }

    public static Attribute usage(UsageMask mask) {
        return of(new TtlvItem.IntegerItem(Tag.CRYPTOGRAPHIC_USAGE_MASK, mask.bits()));
    }

    /** As it stands in a message of that version: under its own tag, or as a name and a value. */
    public TtlvItem item(ProtocolVersion version) {
        return version.hasTaggedAttributes() ? tagged() : named();
    }

    private TtlvItem tagged() {
        return name.tag().isPresent() || name.vendor().isEmpty() && !value.tag().equals(Tag.ATTRIBUTE_VALUE)
                ? value
                : Structure.of(Tag.ATTRIBUTE)
                        .text(Tag.VENDOR_IDENTIFICATION, name.vendor())
                        .text(Tag.ATTRIBUTE_NAME, name.name())
                        .add(value)
                        .build();
    }

    /** An index of 0 is left out: it is the default, and a new attribute has none. */
    private Structure named() {
        return named(index == 0 ? null : new TtlvItem.IntegerItem(Tag.ATTRIBUTE_INDEX, index));
    }

    /** As 1.x changes one that is there: with its index, also where it is 0. */
    Structure indexed() {
        return named(new TtlvItem.IntegerItem(Tag.ATTRIBUTE_INDEX, index));
    }

    private Structure named(@Nullable TtlvItem indexItem) {
        return Structure.of(Tag.ATTRIBUTE)
                .text(Tag.ATTRIBUTE_NAME, name.textOf1x())
                .addOptional(indexItem)
                .add(value.under(Tag.ATTRIBUTE_VALUE))
                .build();
    }

    /** Reads what {@link #item} writes, of either version. What it keeps is copied. */
    static Attribute read(TtlvItem item) {
        if (!item.tag().equals(Tag.ATTRIBUTE)) {
            return of(item.detached());
        }
        if (!(item instanceof Structure named)) {
            throw MalformedMessage.of("%s is of type %s", item.tag(), item.type());
        }
        TtlvItem value = named.item(Tag.ATTRIBUTE_VALUE);
        if (value == null) {
            throw new MalformedMessage("an attribute has no value");
        }
        String vendor = named.textOrNull(Tag.VENDOR_IDENTIFICATION);
        String text = named.text(Tag.ATTRIBUTE_NAME);
        AttributeName name = vendor == null ? AttributeName.parse(text) : new AttributeName(vendor, text);
        Optional<Tag> tag = name.tag();
        TtlvItem own = value.detached();
        return new Attribute(
                name, named.integerOr(Tag.ATTRIBUTE_INDEX, 0), tag.isPresent() ? own.under(tag.orElseThrow()) : own);
    }
}
