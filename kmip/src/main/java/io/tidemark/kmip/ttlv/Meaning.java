package io.tidemark.kmip.ttlv;

import java.util.Set;

/**
 * What a value is about, which its tag alone does not say: an Attribute Value is the attribute that stands beside it, and all that lies
 * within a key is the key.
 */
final class Meaning {
    private static final Set<Tag> SECRET = Set.of(
            Tag.KEY_MATERIAL,
            Tag.KEY_VALUE,
            Tag.KEY,
            Tag.DATA,
            Tag.PASSWORD,
            named("OneTimePassword"),
            named("HashedPassword"),
            named("TicketValue"),
            named("OpaqueDataValue"));

    private Meaning() {}

    private static Tag named(String name) {
        return Tag.named(name).orElseThrow();
    }

    /** The tag whose names apply to a child, and which says whether it may be shown. */
    static Tag of(TtlvItem child, Structure parent, Tag parentMeaning) {
        if (parentMeaning.equals(Tag.KEY_MATERIAL) || parentMeaning.equals(Tag.PASSWORD)) {
            return parentMeaning;
        }
        if (child.tag().equals(Tag.ATTRIBUTE_VALUE)) {
            for (TtlvItem sibling : parent.children()) {
                if (sibling.tag().equals(Tag.ATTRIBUTE_NAME) && sibling.type() == ItemType.TEXT_STRING) {
                    return Tag.worded(((TextString) sibling).value()).orElse(child.tag());
                }
            }
        }
        return child.tag();
    }

    /** Keys, data that goes through Encrypt and Decrypt, passwords, and what nobody but its owner knows the sense of. */
    static boolean isSecret(Tag meaning) {
        return SECRET.contains(meaning);
    }

    /** How many bytes a value occupies, without its padding where that is not part of it. */
    static long bytes(TtlvItem item) {
        return item.type() == ItemType.BYTE_STRING
                ? ((ByteString) item).length()
                : TtlvWriter.size(item) - Frame.HEADER_BYTES;
    }

    /** Whether a character of a text does nothing but stand there. */
    static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
