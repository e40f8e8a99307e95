package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Bytes, which may be a key's: never printed, and not copied when they are read. What the reader makes lends the frame's own bytes and
 * is good for as long as the frame is; what {@link #copyOf} makes stands alone. Equal where tag and bytes are.
 */
public final class ByteString implements TtlvItem {
    private final Tag tag;
    private final ByteBuf bytes;

    /** Of lent bytes, from the reader index to the writer index; they must outlive the item. */
    public ByteString(Tag tag, ByteBuf lent) {
        this.tag = tag;
        this.bytes = lent.slice();
    }

    /** Takes a copy. Not for keys: nobody wipes it. */
    public static ByteString copyOf(Tag tag, byte[] bytes) {
        return new ByteString(tag, Unpooled.wrappedBuffer(bytes.clone()));
    }

    @Override
    public Tag tag() {
        return tag;
    }

    @Override
    public ItemType type() {
        return ItemType.BYTE_STRING;
    }

    @Override
    public ByteString under(Tag other) {
        return new ByteString(other, bytes);
    }

    @Override
    public ByteString detached() {
        return new ByteString(tag, Unpooled.wrappedBuffer(copy()));
    }

    public int length() {
        return bytes.readableBytes();
    }

    /** The bytes, lent, with indices of their own; what is written into them is written into the frame. */
    public ByteBuf bytes() {
        return bytes.slice();
    }

    /** A copy that the caller owns. For a key use {@link #bytes()} and a type that wipes. */
    public byte[] copy() {
        byte[] copy = new byte[length()];
        bytes.getBytes(bytes.readerIndex(), copy);
        return copy;
    }

    /** Zeros over the bytes, wherever they are lent from. */
    public void wipe() {
        bytes.setZero(bytes.readerIndex(), length());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteString that && tag.equals(that.tag) && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * tag.hashCode() + length();
    }

    @Override
    public String toString() {
        return "ByteString[" + tag + ", " + length() + " bytes]";
    }
}
