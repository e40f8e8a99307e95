package io.tidemark.kmip.ttlv;

/**
 * What a message may be at most; checked against the announced lengths, before anything is made of them. Source: KMIP.md section 12.
 *
 * @param frameBytes of a whole message with its own header
 * @param depth of structures within each other, the message itself being the first
 * @param items in one message, structures included
 * @param textBytes of one Text String, in UTF-8
 * @param bigIntegerBytes of one Big Integer
 */
public record TtlvLimits(int frameBytes, int depth, int items, int textBytes, int bigIntegerBytes) {
    /** Far above what any answer to us needs (an AES key with all its attributes: 864 bytes), far below what hurts. */
    public static final TtlvLimits STANDARD = new TtlvLimits(1 << 20, 32, 10_000, 1 << 16, 1 << 11);

    /** Of what the reader's, the writer's and the printer's arrays hold. */
    static final int MOST_DEPTH = 256;

    public TtlvLimits {
        if (frameBytes < Frame.HEADER_BYTES
                || depth < 1
                || depth > MOST_DEPTH
                || items < 1
                || textBytes < 0
                || bigIntegerBytes < 8) {
            throw new IllegalArgumentException("no message fits into these limits: " + frameBytes + " bytes, depth "
                    + depth + ", " + items + " items, texts of " + textBytes + " bytes, big integers of "
                    + bigIntegerBytes + " bytes");
        }
    }

    public TtlvLimits withFrameBytes(int bytes) {
        return new TtlvLimits(bytes, depth, items, textBytes, bigIntegerBytes);
    }

    public TtlvLimits withDepth(int structures) {
        return new TtlvLimits(frameBytes, structures, items, textBytes, bigIntegerBytes);
    }

    public TtlvLimits withItems(int count) {
        return new TtlvLimits(frameBytes, depth, count, textBytes, bigIntegerBytes);
    }
}
