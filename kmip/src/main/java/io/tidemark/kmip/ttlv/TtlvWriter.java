package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.math.BigInteger;

/**
 * Turns items into bytes: lengths without the item's own padding, padding of zeros. What {@link TtlvReader} makes of the result equals
 * what was written; what came from a correct server becomes the same bytes again.
 */
public final class TtlvWriter {
    private TtlvWriter() {}

    /**
     * The item in a buffer of exactly its size, which is given. It never grows, so no copy of a key stays behind in memory that was given
     * back; who sends it wipes it with {@link Frame#wipeAndRelease}.
     */
    public static ByteBuf write(TtlvItem item, ByteBufAllocator allocator) {
        int size = Math.toIntExact(size(item));
        ByteBuf out = allocator.buffer(size, size);
        try {
            write(item, out);
            return out.retain();
        } finally {
            out.release();
        }
    }

    /** Bytes that the item occupies, header and padding included. */
    public static long size(TtlvItem item) {
        long length = length(item);
        return Frame.HEADER_BYTES + length + TtlvReader.padding(length);
    }

    /** The value's length as the header says it. */
    private static long length(TtlvItem item) {
        return switch (item.type()) {
            case STRUCTURE ->
                ((Structure) item)
                        .children().stream().mapToLong(TtlvWriter::size).sum();
            case TEXT_STRING -> ((TextString) item).length();
            case BYTE_STRING -> ((ByteString) item).length();
            case BIG_INTEGER -> bigIntegerLength(((TtlvItem.BigIntegerItem) item).value());
            case INTEGER, ENUMERATION, INTERVAL, LONG_INTEGER, BOOLEAN, DATE_TIME, DATE_TIME_EXTENDED ->
                item.type().fixedLength();
        };
    }

    /** Appends the item to a buffer, which is lent and has room or grows. */
    public static void write(TtlvItem item, ByteBuf out) {
        out.writeMedium(item.tag().code());
        out.writeByte(item.type().code());
        int length = Math.toIntExact(length(item));
        out.writeInt(length);
        writeValue(item, out);
        out.writeZero(TtlvReader.padding(length));
    }

    private static void writeValue(TtlvItem item, ByteBuf out) {
        switch (item.type()) {
            case STRUCTURE -> ((Structure) item).children().forEach(child -> write(child, out));
            case INTEGER -> out.writeInt(((TtlvItem.IntegerItem) item).value());
            case LONG_INTEGER -> out.writeLong(((TtlvItem.LongIntegerItem) item).value());
            case BIG_INTEGER -> writeBigInteger(((TtlvItem.BigIntegerItem) item).value(), out);
            case ENUMERATION -> out.writeInt(((TtlvItem.Enumeration) item).value());
            case BOOLEAN -> out.writeLong(((TtlvItem.BooleanItem) item).value() ? 1 : 0);
            case TEXT_STRING -> ((TextString) item).write(out);
            case BYTE_STRING -> out.writeBytes(((ByteString) item).bytes());
            case DATE_TIME -> out.writeLong(((TtlvItem.DateTime) item).epochSeconds());
            case INTERVAL -> out.writeInt((int) ((TtlvItem.Interval) item).seconds());
            case DATE_TIME_EXTENDED -> out.writeLong(((TtlvItem.DateTimeExtended) item).epochMicroseconds());
        }
    }

    /** Two's complement in the fewest multiples of eight bytes. */
    private static int bigIntegerLength(BigInteger value) {
        int bytes = value.bitLength() / 8 + 1;
        return bytes + TtlvReader.padding(bytes);
    }

    private static void writeBigInteger(BigInteger value, ByteBuf out) {
        byte[] bytes = value.toByteArray();
        for (int i = TtlvReader.padding(bytes.length); i > 0; i--) {
            out.writeByte(value.signum() < 0 ? 0xFF : 0);
        }
        out.writeBytes(bytes);
    }
}
