package io.tidemark.pipeline.stage;

import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a Zstandard frame says of itself before a byte of it is decompressed, read strictly: the repository's frames have their content
 * size and a checksum, no dictionary, and a window of at most 8 MiB. Source: RFC 8878, section 3.1.1.1; FORMAT.md, section 3.
 */
record ZstdFrameHeader(long contentBytes) {
    static final int MAGIC = 0xFD2FB528;
    static final int MAX_WINDOW_BYTES = 8 << 20;
    /** Magic, descriptor, window, dictionary id, content size, each as long as it can be. */
    static final int MAX_BYTES = 18;

    private static final int CHECKSUM_FLAG = 1 << 2;
    private static final int RESERVED_FLAG = 1 << 3;
    private static final int SINGLE_SEGMENT_FLAG = 1 << 5;

    /** How many bytes the header has, once the magic and the descriptor (5 bytes) are there. */
    static int lengthOf(ByteBuffer from) {
        int descriptor = from.get(from.position() + 4);
        boolean single = (descriptor & SINGLE_SEGMENT_FLAG) != 0;
        return 5 + (single ? 0 : 1) + dictionaryBytes(descriptor) + sizeBytes(descriptor);
    }

    /**
     * Reads the header at the buffer's position, which stays.
     *
     * @param where for messages
     */
    static ZstdFrameHeader read(ByteBuffer from, String where) {
        ByteBuffer in = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        in.getInt();
        int descriptor = in.get();
        if ((descriptor & RESERVED_FLAG) != 0) {
            throw new IntegrityFailed(where + " has a Zstandard frame with a reserved bit set");
        }
        if ((descriptor & CHECKSUM_FLAG) == 0 || sizeBytes(descriptor) == 0) {
            throw new IntegrityFailed(where + " has a Zstandard frame without content size or checksum");
        }
        if (dictionaryBytes(descriptor) != 0) {
            throw new IntegrityFailed(where + " has a Zstandard frame that needs a dictionary");
        }
        boolean single = (descriptor & SINGLE_SEGMENT_FLAG) != 0;
        int windowDescriptor = single ? 0 : in.get() & 0xff;
        long content = switch (sizeBytes(descriptor)) {
            case 1 -> in.get() & 0xffL;
            case 2 -> (in.getShort() & 0xffffL) + 256;
            case 4 -> in.getInt() & 0xffff_ffffL;
            default -> in.getLong();
        };
        long window = single ? content : window(windowDescriptor);
        if (content < 0 || window < 0 || window > MAX_WINDOW_BYTES) {
            throw new IntegrityFailed(where + " has a Zstandard frame with a window of " + Long.toUnsignedString(window)
                    + " bytes for " + Long.toUnsignedString(content) + ", allowed are " + MAX_WINDOW_BYTES);
        }
        return new ZstdFrameHeader(content);
    }

    private static long window(int descriptor) {
        long base = 1L << (10 + (descriptor >>> 3));
        return base + (base >>> 3) * (descriptor & 7);
    }

    private static int dictionaryBytes(int descriptor) {
        int flag = descriptor & 3;
        return flag == 3 ? 4 : flag;
    }

    private static int sizeBytes(int descriptor) {
        int flag = (descriptor & 0xff) >>> 6;
        if (flag == 0) {
            return (descriptor & SINGLE_SEGMENT_FLAG) != 0 ? 1 : 0;
        }
        return 1 << flag;
    }
}
