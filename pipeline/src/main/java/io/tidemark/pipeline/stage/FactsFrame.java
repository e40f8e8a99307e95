package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How every object's content ends (FORMAT.md, section 3), integers little-endian:
 *
 * <pre>
 * 0x184D2A54 ‖ u32 length ‖ facts JSON ‖ 0x184D2A55 ‖ u32 8 ‖ "TDMK" ‖ u32 length
 * </pre>
 */
public final class FactsFrame {
    /** The footer's: the content's last bytes. */
    public static final int FOOTER_BYTES = 16;
    /** What stands before the JSON. */
    public static final int HEADER_BYTES = 8;

    public static final int MAX_JSON_BYTES = 1 << 20;

    static final int FACTS_MAGIC = 0x184D2A54;
    static final int FOOTER_MAGIC = 0x184D2A55;
    static final int FOOTER_MARK = 'T' | 'D' << 8 | 'M' << 16 | 'K' << 24;

    private FactsFrame() {}

    /** Facts frame and footer, given, heap. */
    public static ByteBuf write(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_JSON_BYTES) {
            throw new IllegalArgumentException("facts of " + utf8.length + " bytes, allowed are " + MAX_JSON_BYTES);
        }
        int length = HEADER_BYTES + utf8.length + FOOTER_BYTES;
        ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(length, length);
        out.writeIntLE(FACTS_MAGIC).writeIntLE(utf8.length).writeBytes(utf8);
        return out.writeIntLE(FOOTER_MAGIC)
                .writeIntLE(8)
                .writeIntLE(FOOTER_MARK)
                .writeIntLE(utf8.length);
    }

    /**
     * The length of the facts' JSON, from the footer.
     *
     * @param footer the content's last 16 bytes, lent
     * @param where for messages
     */
    public static int jsonLength(ByteBuffer footer, String where) {
        ByteBuffer in = footer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() != FOOTER_BYTES
                || in.getInt() != FOOTER_MAGIC
                || in.getInt() != 8
                || in.getInt() != FOOTER_MARK) {
            throw new IntegrityFailed(where + " does not end with a footer");
        }
        return checkedLength(in.getInt(), where);
    }

    /**
     * The JSON of a facts frame.
     *
     * @param frame the frame without the footer, lent
     * @param where for messages
     */
    public static ByteBuffer json(ByteBuffer frame, String where) {
        ByteBuffer in = frame.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < HEADER_BYTES || in.getInt() != FACTS_MAGIC || in.getInt() != in.remaining()) {
            throw new IntegrityFailed(where + " has no facts where its footer points");
        }
        return in.slice();
    }

    static int checkedLength(int length, String where) {
        if (length < 0 || length > MAX_JSON_BYTES) {
            throw new IntegrityFailed(where + " claims facts of " + Integer.toUnsignedString(length)
                    + " bytes, allowed are " + MAX_JSON_BYTES);
        }
        return length;
    }
}
