package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints items as a tree, an item a line, in the specification's names: {@code ObjectType Enumeration SymmetricKey}. Control characters
 * of texts are escaped, so that a server's words cannot direct a terminal.
 */
public final class TtlvPrinter {
    private static final Set<Tag> SECRET = Set.of(Tag.KEY_MATERIAL, Tag.KEY_VALUE, Tag.KEY, Tag.DATA, Tag.PASSWORD);

    private final Secrets secrets;

    /** What is shown of keys, of data that goes through Encrypt and Decrypt, and of passwords. */
    public enum Secrets {
        /** Their lengths. */
        HIDDEN,
        SHOWN
    }

    public TtlvPrinter(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The tree, every line ended. Item is lent. */
    public String print(TtlvItem item) {
        StringBuilder out = new StringBuilder();
        print(item, 0, item.tag(), out);
        return out.toString();
    }

    /** @param meaning the tag whose names apply: an Attribute Value is printed as the attribute that it belongs to */
    private void print(TtlvItem item, int depth, Tag meaning, StringBuilder out) {
        out.append("  ".repeat(depth)).append(item.tag());
        if (item.type() == ItemType.STRUCTURE) {
            out.append('\n');
            for (TtlvItem child : ((Structure) item).children()) {
                print(child, depth + 1, meaningOf(child, (Structure) item, meaning), out);
            }
        } else {
            out.append(' ')
                    .append(item.type())
                    .append(' ')
                    .append(value(item, meaning))
                    .append('\n');
        }
    }

    private static Tag meaningOf(TtlvItem child, Structure parent, Tag parentMeaning) {
        if (child.tag().equals(Tag.ATTRIBUTE_VALUE)) {
            for (TtlvItem sibling : parent.children()) {
                if (sibling.tag().equals(Tag.ATTRIBUTE_NAME) && sibling.type() == ItemType.TEXT_STRING) {
                    return Tag.worded(((TextString) sibling).value()).orElse(child.tag());
                }
            }
        }
        boolean insideKey = parentMeaning.equals(Tag.KEY_MATERIAL) || parentMeaning.equals(Tag.PASSWORD);
        return insideKey ? parentMeaning : child.tag();
    }

    private String value(TtlvItem item, Tag meaning) {
        if (secrets == Secrets.HIDDEN && SECRET.contains(meaning)) {
            return hidden(item);
        }
        return switch (item.type()) {
            case INTEGER -> integer(((TtlvItem.IntegerItem) item).value(), meaning);
            case LONG_INTEGER -> Long.toString(((TtlvItem.LongIntegerItem) item).value());
            case BIG_INTEGER -> ((TtlvItem.BigIntegerItem) item).value().toString();
            case ENUMERATION -> EnumerationNames.printed(meaning, ((TtlvItem.Enumeration) item).value());
            case BOOLEAN -> Boolean.toString(((TtlvItem.BooleanItem) item).value());
            case TEXT_STRING -> quoted(((TextString) item).value());
            case BYTE_STRING -> hex(((ByteString) item).bytes());
            case DATE_TIME -> ((TtlvItem.DateTime) item).instant().toString();
            case INTERVAL -> ((TtlvItem.Interval) item).seconds() + " s";
            case DATE_TIME_EXTENDED ->
                ((TtlvItem.DateTimeExtended) item).instant().toString();
            case STRUCTURE -> throw new IllegalStateException("a structure has no value of its own");
        };
    }

    private static String hidden(TtlvItem item) {
        long bytes = item.type() == ItemType.BYTE_STRING
                ? ((ByteString) item).length()
                : TtlvWriter.size(item) - Frame.HEADER_BYTES;
        return item.type() == ItemType.BYTE_STRING ? "(" + bytes + " bytes)" : "(hidden)";
    }

    private static String integer(int value, Tag meaning) {
        @Nullable String bits = EnumerationNames.bitsOf(meaning, value);
        return bits == null ? Integer.toString(value) : bits;
    }

    private static String hex(ByteBuf bytes) {
        return bytes.isReadable() ? ByteBufUtil.hexDump(bytes) : "(0 bytes)";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                out.append('\\').appendCodePoint(point);
            } else if (isPlain(point)) {
                out.appendCodePoint(point);
            } else {
                out.append("\\u{").append(Integer.toHexString(point)).append('}');
            }
        });
        return out.append('"').toString();
    }

    private static boolean isPlain(int point) {
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
