package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * A message on a stream: its first eight bytes are the only frame there is, so that whoever loses count has lost the connection.
 * Layout: tag (3) ‖ type (1) ‖ length (4, unsigned) ‖ value.
 */
public final class Frame {
    /** Of every item. */
    public static final int HEADER_BYTES = 8;

    private Frame() {}

    /**
     * How many bytes the message has that begins at the reader index, header included; empty while fewer than eight bytes are there.
     * Nothing is read or reserved: the buffer is lent, and grows with what really comes.
     *
     * @throws MalformedMessage where another tag or type stands first, or the length is no multiple of 8 or above the limit
     */
    public static OptionalInt length(ByteBuf in, Tag expected, TtlvLimits limits) {
        if (in.readableBytes() < HEADER_BYTES) {
            return OptionalInt.empty();
        }
        int tag = in.getUnsignedMedium(in.readerIndex());
        int type = in.getUnsignedByte(in.readerIndex() + 3);
        long length = in.getUnsignedInt(in.readerIndex() + 4);
        if (tag != expected.code() || type != ItemType.STRUCTURE.code()) {
            throw MalformedMessage.of(
                    "the message begins with tag 0x%06X and type 0x%02X, not as a %s does", tag, type, expected);
        }
        if (length % 8 != 0) {
            throw MalformedMessage.of("the message announces %d bytes, no multiple of 8", length);
        }
        if (length > limits.frameBytes() - HEADER_BYTES) {
            throw MalformedMessage.of(
                    "the message announces %d bytes, and %d are the most that a message may have",
                    length, limits.frameBytes() - HEADER_BYTES);
        }
        return OptionalInt.of((int) length + HEADER_BYTES);
    }

    /**
     * Zeros over all that the buffer has held, read or not, and releases it: what keys came in or went out by. The buffer is given, and
     * must have no other user.
     */
    public static void wipeAndRelease(ByteBuf frame) {
        if (frame.refCnt() > 0 && !frame.isReadOnly()) {
            frame.setZero(0, frame.writerIndex());
        }
        frame.release();
    }
}
