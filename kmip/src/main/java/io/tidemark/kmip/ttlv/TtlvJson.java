package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBufUtil;
import io.tidemark.kmip.ttlv.TtlvPrinter.Secrets;
import java.math.BigInteger;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Prints items as KMIP's JSON encoding has them: {@code {"tag":"ObjectType","type":"Enumeration","value":"SymmetricKey"}}. What is hidden
 * has no value, but {@code "hidden":true}, and its length where it is a string of bytes. Only plain characters are written as they are.
 *
 * <p>Source: KMIP Profiles 2.1, JSON Encoding; dates always as text.
 */
public final class TtlvJson {
    /** Beyond it not every reader of JSON keeps all digits. */
    private static final long LARGEST_NUMBER = 1L << 52;

    private final Secrets secrets;

    public TtlvJson(Secrets secrets) {
        this.secrets = secrets;
    }

    /** One object, on one line. Item is lent. */
    public String print(TtlvItem item) {
        StringBuilder out = new StringBuilder();
        print(item, item.tag(), out);
        return out.toString();
    }

    private void print(TtlvItem item, Tag meaning, StringBuilder out) {
        out.append("{\"tag\":\"")
                .append(item.tag())
                .append("\",\"type\":\"")
                .append(item.type())
                .append('"');
        if (item.type() == ItemType.STRUCTURE) {
            out.append(",\"value\":[");
            String separator = "";
            for (TtlvItem child : ((Structure) item).children()) {
                out.append(separator);
                print(child, Meaning.of(child, (Structure) item, meaning), out);
                separator = ",";
            }
            out.append(']');
        } else if (secrets == Secrets.HIDDEN && Meaning.isSecret(meaning)) {
            out.append(",\"hidden\":true");
            if (item.type() == ItemType.BYTE_STRING) {
                out.append(",\"bytes\":").append(Meaning.bytes(item));
            }
        } else {
            out.append(",\"value\":").append(value(item, meaning));
        }
        out.append('}');
    }

    private static String value(TtlvItem item, Tag meaning) {
        return switch (item.type()) {
            case INTEGER -> integer(((TtlvItem.IntegerItem) item).value(), meaning);
            case LONG_INTEGER -> longInteger(((TtlvItem.LongIntegerItem) item).value());
            case BIG_INTEGER -> bigInteger(((TtlvItem.BigIntegerItem) item).value());
            case ENUMERATION -> quoted(EnumerationNames.printed(meaning, ((TtlvItem.Enumeration) item).value()));
            case BOOLEAN -> Boolean.toString(((TtlvItem.BooleanItem) item).value());
            case TEXT_STRING -> quoted(((TextString) item).value());
            case BYTE_STRING -> quoted(ByteBufUtil.hexDump(((ByteString) item).bytes()));
            case DATE_TIME -> quoted(((TtlvItem.DateTime) item).instant().toString());
            case INTERVAL -> Long.toString(((TtlvItem.Interval) item).seconds());
            case DATE_TIME_EXTENDED ->
                quoted(((TtlvItem.DateTimeExtended) item).instant().toString());
            case STRUCTURE -> throw new IllegalStateException("a structure has no value of its own");
        };
    }

    private static String integer(int value, Tag meaning) {
        @Nullable String bits = EnumerationNames.bitsOf(meaning, value);
        return bits == null ? Integer.toString(value) : quoted(bits.replace(' ', '|'));
    }

    private static String longInteger(long value) {
        return value > -LARGEST_NUMBER && value < LARGEST_NUMBER
                ? Long.toString(value)
                : quoted("0x" + HexFormat.of().toHexDigits(value));
    }

    private static String bigInteger(BigInteger value) {
        return quoted("0x" + HexFormat.of().formatHex(value.toByteArray()));
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                out.append('\\').append((char) point);
            } else if (Meaning.isPlain(point)) {
                out.appendCodePoint(point);
            } else {
                for (char unit : Character.toChars(point)) {
                    out.append("\\u").append(HexFormat.of().toHexDigits(unit));
                }
            }
        });
        return out.append('"').toString();
    }
}
