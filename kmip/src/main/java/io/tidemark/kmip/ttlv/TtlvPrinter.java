package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Prints items as a tree, an item a line, in the specification's names: {@code ObjectType Enumeration SymmetricKey}. Control characters
 * of texts are escaped, so that a server's words cannot direct a terminal.
 */
public final class TtlvPrinter {
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
                print(child, depth + 1, Meaning.of(child, (Structure) item, meaning), out);
            }
        } else {
            out.append(' ')
                    .append(item.type())
                    .append(' ')
                    .append(value(item, meaning))
                    .append('\n');
        }
    }

    private String value(TtlvItem item, Tag meaning) {
        if (secrets == Secrets.HIDDEN && Meaning.isSecret(meaning)) {
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
        return item.type() == ItemType.BYTE_STRING ? "(" + Meaning.bytes(item) + " bytes)" : "(hidden)";
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
            } else if (Meaning.isPlain(point)) {
                out.appendCodePoint(point);
            } else {
                out.append("\\u{").append(Integer.toHexString(point)).append('}');
            }
        });
        return out.append('"').toString();
    }
}
