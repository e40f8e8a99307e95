package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a whole message into its items. Every announced length is held against the limits and against the structure around it before
 * anything is made of it; structures are kept on a stack of arrays, not on the thread's, so that nesting costs no more than items do.
 *
 * <p>Unknown tags and enumeration values are kept, unknown types are refused. Immutable; usable from any thread.
 */
public final class TtlvReader {
    private static final int ALIGNMENT = 8;

    private final TtlvLimits limits;
    private final Padding padding;

    /** What the bytes between a value and the next multiple of 8 may be. */
    public enum Padding {
        /** Anything: it means nothing, and one server was seen to accept others than zeros. */
        ANY,
        /** Zeros, as the specification wants: what does not re-encode to itself is refused. */
        ZEROS
    }

    public TtlvReader(TtlvLimits limits) {
        this(limits, Padding.ANY);
    }

    public TtlvReader(TtlvLimits limits, Padding padding) {
        this.limits = limits;
        this.padding = padding;
    }

    /**
     * The one item that fills the buffer from reader to writer index. The buffer is lent and not changed; byte strings lend its bytes on
     * and must not be used after it was released.
     *
     * @throws MalformedMessage saying which item, at which offset, breaks which rule
     */
    public TtlvItem read(ByteBuf in) {
        if (in.readableBytes() > limits.frameBytes()) {
            throw MalformedMessage.of(
                    "a message of %d bytes, and %d are the most that one may have",
                    in.readableBytes(), limits.frameBytes());
        }
        return new Walk(in).read();
    }

    /** As {@link #read}, of a message: a structure of that tag. */
    public Structure readMessage(ByteBuf in, Tag expected) {
        if (in.readableBytes() < Frame.HEADER_BYTES) {
            throw MalformedMessage.of("a message of %d bytes has no header", in.readableBytes());
        }
        int announced = Frame.length(in, expected, limits).orElseThrow();
        if (announced != in.readableBytes()) {
            throw MalformedMessage.of("%d bytes hold a message that says it has %d", in.readableBytes(), announced);
        }
        return (Structure) read(in);
    }

    /** The state of one reading. */
    private final class Walk {
        private final ByteBuf in;
        private final int start;

        /** The open structures; level 0 is the buffer itself, which has one child. */
        private final Tag[] tags = new Tag[limits.depth() + 1];

        private final int[] ends = new int[limits.depth() + 1];
        private final List<List<TtlvItem>> children = new ArrayList<>();

        private int level;
        private int at;
        private int items;

        Walk(ByteBuf in) {
            this.in = in;
            this.start = in.readerIndex();
            this.at = start;
            this.ends[0] = in.writerIndex();
            children.add(new ArrayList<>(1));
        }

        TtlvItem read() {
            do {
                readItem();
                while (level > 0 && at == ends[level]) {
                    close();
                }
            } while (level > 0);
            if (at != ends[0]) {
                throw MalformedMessage.of(
                        "%d bytes follow the message, which ends at offset %d", ends[0] - at, offset());
            }
            return children.get(0).get(0);
        }

        private void readItem() {
            int room = ends[level] - at;
            if (room < Frame.HEADER_BYTES) {
                throw MalformedMessage.of(
                        "%d bytes at offset %d are no item: its header alone has %d",
                        room, offset(), Frame.HEADER_BYTES);
            }
            Tag tag = new Tag(in.getUnsignedMedium(at));
            ItemType type = ItemType.of(in.getUnsignedByte(at + 3));
            if (type == null) {
                throw MalformedMessage.of(
                        "%s at offset %d is of unknown type 0x%02X: types are 0x01 to 0x%02X",
                        tag, offset(), in.getUnsignedByte(at + 3), ItemType.DATE_TIME_EXTENDED.code());
            }
            int length = checkedLength(tag, type, in.getUnsignedInt(at + 4), room - Frame.HEADER_BYTES);
            if (++items > limits.items()) {
                throw MalformedMessage.of("more than %d items in a message, at offset %d", limits.items(), offset());
            }
            at += Frame.HEADER_BYTES;
            if (type == ItemType.STRUCTURE) {
                open(tag, length);
            } else {
                children.get(level).add(value(tag, type, length));
                at += length;
                skipPadding(tag, length);
            }
        }

        /** What the item occupies, with its padding, must fit into the structure around it, and its length must suit its type. */
        private int checkedLength(Tag tag, ItemType type, long length, int room) {
            if (length + padding(length) > room) {
                throw MalformedMessage.of(
                        "%s at offset %d announces %d bytes, and %d are left of what it stands in",
                        tag, offset(), length, room);
            }
            int fixed = type.fixedLength();
            boolean fits = switch (type) {
                case STRUCTURE -> length % ALIGNMENT == 0;
                case BIG_INTEGER -> length >= ALIGNMENT && length % ALIGNMENT == 0;
                default -> fixed == 0 || length == fixed;
            };
            if (!fits) {
                throw MalformedMessage.of(
                        "%s at offset %d has a length of %d, which no %s has: %s",
                        tag, offset(), length, type, fixed == 0 ? "multiples of 8" : Integer.toString(fixed));
            }
            int most = most(type);
            if (length > most) {
                throw MalformedMessage.of(
                        "%s at offset %d announces %d bytes, and %d are the most that a %s may have",
                        tag, offset(), length, most, type);
            }
            return (int) length;
        }

        private int most(ItemType type) {
            return switch (type) {
                case TEXT_STRING -> limits.textBytes();
                case BIG_INTEGER -> limits.bigIntegerBytes();
                default -> limits.frameBytes();
            };
        }

        private void open(Tag tag, int length) {
            if (level == limits.depth()) {
                throw MalformedMessage.of(
                        "structures within each other at offset %d, deeper than %d", offset(), limits.depth());
            }
            level++;
            tags[level] = tag;
            ends[level] = at + length;
            children.add(new ArrayList<>());
        }

        private void close() {
            Structure done = new Structure(tags[level], children.remove(level));
            level--;
            children.get(level).add(done);
        }

        private TtlvItem value(Tag tag, ItemType type, int length) {
            return switch (type) {
                case INTEGER -> new TtlvItem.IntegerItem(tag, in.getInt(at));
                case LONG_INTEGER -> new TtlvItem.LongIntegerItem(tag, in.getLong(at));
                case BIG_INTEGER -> new TtlvItem.BigIntegerItem(tag, new BigInteger(copy(length)));
                case ENUMERATION -> new TtlvItem.Enumeration(tag, in.getInt(at));
                case BOOLEAN -> new TtlvItem.BooleanItem(tag, bool(tag, in.getLong(at)));
                case TEXT_STRING -> TextString.ofBytes(tag, copy(length));
                case BYTE_STRING -> new ByteString(tag, in.slice(at, length));
                case DATE_TIME -> new TtlvItem.DateTime(tag, in.getLong(at));
                case INTERVAL -> new TtlvItem.Interval(tag, in.getUnsignedInt(at));
                case DATE_TIME_EXTENDED -> new TtlvItem.DateTimeExtended(tag, in.getLong(at));
                case STRUCTURE -> throw new IllegalStateException("a structure is opened, not read");
            };
        }

        private boolean bool(Tag tag, long value) {
            if (value != 0 && value != 1) {
                throw MalformedMessage.of("%s at offset %d is neither true nor false", tag, offset());
            }
            return value == 1;
        }

        private byte[] copy(int length) {
            byte[] copy = new byte[length];
            in.getBytes(at, copy);
            return copy;
        }

        private void skipPadding(Tag tag, int length) {
            for (int left = padding(length); left > 0; left--) {
                if (padding == Padding.ZEROS && in.getByte(at) != 0) {
                    throw MalformedMessage.of("%s is padded with other than zeros at offset %d", tag, offset());
                }
                at++;
            }
        }

        private int offset() {
            return at - start;
        }
    }

    static int padding(long length) {
        return (int) (-length & ALIGNMENT - 1);
    }
}
