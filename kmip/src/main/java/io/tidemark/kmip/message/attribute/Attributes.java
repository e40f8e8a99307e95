package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The attributes of one object, or those that a request gives it or looks for, in their order. */
public record Attributes(List<Attribute> list) {
    public static final Attributes NONE = new Attributes(List.of());

    private static final int SHA_256 = 6;
    private static final int RAW = 1;

    public Attributes {
        list = List.copyOf(list);
    }

    public static Attributes of(Attribute... attributes) {
        return new Attributes(List.of(attributes));
    }

    public Attributes with(Attribute attribute) {
        List<Attribute> longer = new ArrayList<>(list);
        longer.add(attribute);
        return new Attributes(longer);
    }

    /**
     * All that stand in a payload or a key value, in either form: Cosmian was seen to use that of 2.x towards clients of 1.x. What is
     * kept is copied.
     */
    public static Attributes read(Structure parent) {
        List<Attribute> read = new ArrayList<>();
        for (Structure attribute : parent.all(Tag.ATTRIBUTE, Structure.class)) {
            read.add(Attribute.read(attribute));
        }
        Structure tagged = parent.item(Tag.ATTRIBUTES, Structure.class);
        if (tagged != null) {
            tagged.children().forEach(item -> read.add(Attribute.read(item)));
        }
        return new Attributes(read);
    }

    /** As a Create or Register gives them to the new object. */
    public Structure template(ProtocolVersion version) {
        return under(version.hasTaggedAttributes() ? Tag.ATTRIBUTES : Tag.TEMPLATE_ATTRIBUTE, version);
    }

    /** As a Locate looks for them: one structure from 2.0 on, which Cosmian wants even where it is empty. */
    public List<TtlvItem> criteria(ProtocolVersion version) {
        return version.hasTaggedAttributes() ? List.of(under(Tag.ATTRIBUTES, version)) : items(version);
    }

    private Structure under(Tag tag, ProtocolVersion version) {
        return Structure.of(tag).addAll(items(version)).build();
    }

    private List<TtlvItem> items(ProtocolVersion version) {
        return list.stream().map(attribute -> attribute.item(version)).toList();
    }

    /** The only one of that name; null where there is none. */
    private <T extends TtlvItem> @Nullable T single(Tag tag, Class<T> kind) {
        T found = null;
        for (Attribute attribute : list) {
            if (attribute.value().tag().equals(tag)) {
                if (found != null) {
                    throw MalformedMessage.of("there is more than one attribute %s", tag.words());
                }
                if (!kind.isInstance(attribute.value())) {
                    throw MalformedMessage.of(
                            "the attribute %s is of type %s",
                            tag.words(), attribute.value().type());
                }
                found = kind.cast(attribute.value());
            }
        }
        return found;
    }

    private OptionalInt enumeration(Tag tag) {
        TtlvItem.Enumeration found = single(tag, TtlvItem.Enumeration.class);
        return found == null ? OptionalInt.empty() : OptionalInt.of(found.value());
    }

    private OptionalInt integer(Tag tag) {
        TtlvItem.IntegerItem found = single(tag, TtlvItem.IntegerItem.class);
        return found == null ? OptionalInt.empty() : OptionalInt.of(found.value());
    }

    /** Empty also for a type that the specification does not have. */
    public Optional<ObjectType> objectType() {
        return optional(enumeration(Tag.OBJECT_TYPE)).flatMap(ObjectType::of);
    }

    /** Empty also for a state that the specification does not have. */
    public Optional<State> state() {
        return optional(enumeration(Tag.STATE)).flatMap(State::of);
    }

    private static Optional<Integer> optional(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    public Optional<CryptographicAlgorithm> algorithm() {
        return optional(enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM)).map(CryptographicAlgorithm::new);
    }

    /** Of the key, in bits. */
    public OptionalInt lengthBits() {
        return integer(Tag.CRYPTOGRAPHIC_LENGTH);
    }

    public Optional<UsageMask> usage() {
        return optional(integer(Tag.CRYPTOGRAPHIC_USAGE_MASK)).map(UsageMask::new);
    }

    /** Every Name, with U+FFFD where its bytes are no UTF-8. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Attribute attribute : list) {
            if (attribute.value().tag().equals(Tag.NAME) && attribute.value() instanceof Structure name) {
                names.add(name.text(Tag.NAME_VALUE));
            }
        }
        return names;
    }

    /** SHA-256 of the raw key, where the server tells one (Cosmian does, PyKMIP does not). */
    public Optional<Bytes> sha256() {
        for (Attribute attribute : list) {
            if (attribute.value().tag().equals(Tag.DIGEST)
                    && attribute.value() instanceof Structure digest
                    && digest.enumerationOr(Tag.HASHING_ALGORITHM, 0) == SHA_256
                    && digest.enumerationOr(Tag.KEY_FORMAT_TYPE, RAW) == RAW) {
                return Optional.of(Bytes.of(digest.required(Tag.DIGEST_VALUE, ByteString.class)));
            }
        }
        return Optional.empty();
    }

    /** One of the dates: Activation Date, Destroy Date, …. */
    public Optional<Instant> date(Tag tag) {
        TtlvItem.DateTime found = single(tag, TtlvItem.DateTime.class);
        return found == null ? Optional.empty() : Optional.of(found.instant());
    }

    /** One that is yes or no: Sensitive, Extractable, Rotate Automatic, …; empty where the server does not say. */
    public Optional<Boolean> flag(Tag tag) {
        TtlvItem.BooleanItem found = single(tag, TtlvItem.BooleanItem.class);
        return found == null ? Optional.empty() : Optional.of(found.value());
    }

    /** The value of a custom attribute of text, in any version. */
    public Optional<String> custom(AttributeName name) {
        for (Attribute attribute : list) {
            if (attribute.name().equals(name) && attribute.value() instanceof TextString text) {
                return Optional.of(text.value());
            }
        }
        return Optional.empty();
    }

    /** The names only: values may be anything. */
    @Override
    public String toString() {
        return "Attributes" + list.stream().map(Attribute::name).toList();
    }
}
