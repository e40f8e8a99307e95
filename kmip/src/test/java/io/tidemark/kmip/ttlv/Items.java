package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Items for tests: from hexadecimal, and drawn from a seed. */
final class Items {
    private Items() {}

    /** Unpooled and on the heap, so that tests need not release it. */
    static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static TtlvItem read(String hex) {
        return new TtlvReader(TtlvLimits.STANDARD).read(bytes(hex));
    }

    static String write(TtlvItem item) {
        ByteBuf out = Unpooled.buffer();
        TtlvWriter.write(item, out);
        byte[] written = new byte[out.readableBytes()];
        out.readBytes(written);
        return HexFormat.of().formatHex(written);
    }

    /** Of every type, with values of every size, structures up to that depth. */
    static TtlvItem random(Random random, int depth) {
        Tag tag = new Tag(random.nextBoolean() ? 0x420001 + random.nextInt(0x172) : 0x540000 + random.nextInt(0x10000));
        return switch (ItemType.of(1 + random.nextInt(11))) {
            case STRUCTURE -> structure(tag, random, depth);
            case INTEGER -> new TtlvItem.IntegerItem(tag, random.nextInt());
            case LONG_INTEGER -> new TtlvItem.LongIntegerItem(tag, random.nextLong());
            case BIG_INTEGER -> bigInteger(tag, random);
            case ENUMERATION -> new TtlvItem.Enumeration(tag, random.nextInt());
            case BOOLEAN -> new TtlvItem.BooleanItem(tag, random.nextBoolean());
            case TEXT_STRING -> TextString.of(tag, "é".repeat(random.nextInt(9)) + "x".repeat(random.nextInt(9)));
            case BYTE_STRING -> ByteString.copyOf(tag, byteArray(random, random.nextInt(40)));
            case DATE_TIME -> new TtlvItem.DateTime(tag, random.nextLong());
            case INTERVAL -> new TtlvItem.Interval(tag, random.nextInt() & 0xFFFF_FFFFL);
            case DATE_TIME_EXTENDED -> new TtlvItem.DateTimeExtended(tag, random.nextLong());
        };
    }

    private static TtlvItem structure(Tag tag, Random random, int depth) {
        List<TtlvItem> children = new ArrayList<>();
        for (int i = depth == 0 ? 0 : random.nextInt(6); i > 0; i--) {
            children.add(random(random, depth - 1));
        }
        return new Structure(tag, children);
    }

    private static TtlvItem bigInteger(Tag tag, Random random) {
        BigInteger value = new BigInteger(random.nextInt(200), random);
        return new TtlvItem.BigIntegerItem(tag, random.nextBoolean() ? value : value.negate());
    }

    private static byte[] byteArray(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
