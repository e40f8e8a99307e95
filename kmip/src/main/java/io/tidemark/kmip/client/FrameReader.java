package io.tidemark.kmip.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.kmip.ttlv.Frame;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvLimits;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes into messages. An announced length is only ever compared: memory grows with the bytes that have come, and every byte
 * that has been read is overwritten. On one event loop.
 */
final class FrameReader {
    private static final int FIRST_BYTES = 1024;

    private final TtlvLimits limits;
    private final ByteBufAllocator allocator;
    /** What has come of a message that is not whole yet. */
    private @Nullable ByteBuf begun;

    private int length;

    FrameReader(TtlvLimits limits, ByteBufAllocator allocator) {
        this.limits = limits;
        this.allocator = allocator;
    }

    /** Who gets the messages. */
    interface Receiver {
        /**
         * The first byte of a message is here.
         *
         * @throws MalformedMessage where none is expected
         */
        void begins();

        /** A whole message, lent: it is overwritten when this returns. */
        void frame(ByteBuf message);
    }

    /**
     * Reads a piece of the stream, which is given.
     *
     * @throws MalformedMessage where what comes cannot be a message, or the receiver says so; then this is of no more use
     */
    void read(ByteBuf in, Receiver receiver) {
        try {
            while (in.isReadable()) {
                if (begun == null) {
                    receiver.begins();
                    OptionalInt announced = Frame.length(in, Tag.RESPONSE_MESSAGE, limits);
                    if (announced.isPresent() && in.readableBytes() >= announced.getAsInt()) {
                        receiver.frame(in.readSlice(announced.getAsInt()));
                        continue;
                    }
                    begun = allocator.heapBuffer(FIRST_BYTES);
                }
                begun = kept(begun, in);
                if (begun.readableBytes() == length) {
                    handOver(begun, receiver);
                }
            }
        } finally {
            Frame.wipeAndRelease(in);
        }
    }

    private ByteBuf kept(ByteBuf frame, ByteBuf in) {
        if (length == 0) {
            frame.writeBytes(in, Math.min(Frame.HEADER_BYTES - frame.readableBytes(), in.readableBytes()));
            length = Frame.length(frame, Tag.RESPONSE_MESSAGE, limits).orElse(0);
        }
        int more = Math.min(Math.max(0, length - frame.readableBytes()), in.readableBytes());
        return withRoom(frame, more).writeBytes(in, more);
    }

    private void handOver(ByteBuf frame, Receiver receiver) {
        begun = null;
        length = 0;
        try {
            receiver.frame(frame);
        } finally {
            Frame.wipeAndRelease(frame);
        }
    }

    /** A buffer that moves to another place leaves its bytes behind: so it is moved here. */
    private ByteBuf withRoom(ByteBuf frame, int more) {
        if (frame.writableBytes() >= more) {
            return frame;
        }
        int size = Math.max(frame.readableBytes() + more, Math.min(length, frame.capacity() * 2));
        ByteBuf larger = allocator.heapBuffer(size, size);
        larger.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
        Frame.wipeAndRelease(frame);
        return larger;
    }

    /** Whether a message has begun and is not whole. */
    boolean isAmidst() {
        return begun != null;
    }

    /** The bytes of the message that has begun, as far as it has said. */
    int announced() {
        return Math.max(length, Frame.HEADER_BYTES);
    }

    /** Forgets what has come. */
    void close() {
        if (begun != null) {
            Frame.wipeAndRelease(begun);
            begun = null;
        }
    }
}
