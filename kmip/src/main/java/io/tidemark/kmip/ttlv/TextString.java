package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text in UTF-8. One that is not UTF-8 keeps its bytes, since pg_tde makes such names: its library cuts at 250 bytes, also in the middle
 * of a character (KMIP.md section 3). Equal where tag and bytes are.
 */
public final class TextString implements TtlvItem {
    private static final char REPLACEMENT = '\uFFFD';

    private final Tag tag;
    private final String value;

    /** The bytes where they may be others than those of {@link #value}. */
    private final byte @Nullable [] bytes;

    private TextString(Tag tag, String value, byte @Nullable [] bytes) {
        this.tag = tag;
        this.value = value;
        this.bytes = bytes;
    }

    public static TextString of(Tag tag, String value) {
        return new TextString(tag, value, null);
    }

    /** Of bytes that need not be UTF-8; copied. */
    public static TextString ofBytes(Tag tag, byte[] utf8) {
        String value = new String(utf8, StandardCharsets.UTF_8);
        return new TextString(tag, value, value.indexOf(REPLACEMENT) < 0 ? null : utf8.clone());
    }

    @Override
    public Tag tag() {
        return tag;
    }

    @Override
    public ItemType type() {
        return ItemType.TEXT_STRING;
    }

    @Override
    public TextString under(Tag other) {
        return new TextString(other, value, bytes);
    }

    /** The text, with U+FFFD where the bytes are not UTF-8. */
    public String value() {
        return value;
    }

    /** Whether {@link #value} says all that the bytes say. */
    public boolean isUtf8() {
        return bytes == null || Arrays.equals(bytes, value.getBytes(StandardCharsets.UTF_8));
    }

    int length() {
        return bytes == null ? ByteBufUtil.utf8Bytes(value) : bytes.length;
    }

    void write(ByteBuf out) {
        if (bytes == null) {
            // writeUtf8 alone would want room for three bytes a character, which a buffer of exactly the size has not
            ByteBufUtil.reserveAndWriteUtf8(out, value, ByteBufUtil.utf8Bytes(value));
        } else {
            out.writeBytes(bytes);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextString that
                && tag.equals(that.tag)
                && value.equals(that.value)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * tag.hashCode() + value.hashCode();
    }

    @Override
    public String toString() {
        return "TextString[" + tag + ", " + length() + " bytes]";
    }
}
