package io.tidemark.kmip.ttlv;

import java.math.BigInteger;
import java.time.Instant;

/**
 * One tagged value. The scalar kinds are nested here, those with more to say have a file of their own. An item of bytes lends those of
 * the frame that it was read from, and is good for as long as the frame; all others stand alone.
 */
public sealed interface TtlvItem
        permits Structure,
                TextString,
                ByteString,
                TtlvItem.IntegerItem,
                TtlvItem.LongIntegerItem,
                TtlvItem.BigIntegerItem,
                TtlvItem.Enumeration,
                TtlvItem.BooleanItem,
                TtlvItem.DateTime,
                TtlvItem.Interval,
                TtlvItem.DateTimeExtended {
    Tag tag();

    ItemType type();

    /** The same value under another tag, as KMIP 1.x puts every attribute's value under Attribute Value. */
    TtlvItem under(Tag other);

    /** The same value, standing alone: what outlives the frame takes a copy of its bytes along. Not for keys: nobody wipes it. */
    default TtlvItem detached() {
        return this;
    }

    /** Also what masks are: their bits may fill all 32. */
    record IntegerItem(Tag tag, int value) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.INTEGER;
        }

        @Override
        public IntegerItem under(Tag other) {
            return new IntegerItem(other, value);
        }
    }

    record LongIntegerItem(Tag tag, long value) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.LONG_INTEGER;
        }

        @Override
        public LongIntegerItem under(Tag other) {
            return new LongIntegerItem(other, value);
        }
    }

    record BigIntegerItem(Tag tag, BigInteger value) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.BIG_INTEGER;
        }

        @Override
        public BigIntegerItem under(Tag other) {
            return new BigIntegerItem(other, value);
        }

        /** A number may be a part of a private key. */
        @Override
        public String toString() {
            return "BigIntegerItem[" + tag + ", " + value.bitLength() + " bits]";
        }
    }

    /** @param value unsigned; unknown ones are kept as they are */
    record Enumeration(Tag tag, int value) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.ENUMERATION;
        }

        @Override
        public Enumeration under(Tag other) {
            return new Enumeration(other, value);
        }
    }

    record BooleanItem(Tag tag, boolean value) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.BOOLEAN;
        }

        @Override
        public BooleanItem under(Tag other) {
            return new BooleanItem(other, value);
        }
    }

    /** @param epochSeconds any 64 bits that a server may send, also what no calendar has */
    record DateTime(Tag tag, long epochSeconds) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.DATE_TIME;
        }

        @Override
        public DateTime under(Tag other) {
            return new DateTime(other, epochSeconds);
        }

        /** The moment, or the calendar's end that lies nearer. */
        public Instant instant() {
            return clamped(epochSeconds, 0);
        }
    }

    /** @param seconds unsigned 32 bits */
    record Interval(Tag tag, long seconds) implements TtlvItem {
        public Interval {
            if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("an interval of " + seconds + " s does not fit into 32 bits");
            }
        }

        @Override
        public ItemType type() {
            return ItemType.INTERVAL;
        }

        @Override
        public Interval under(Tag other) {
            return new Interval(other, seconds);
        }
    }

    /** @param epochMicroseconds any 64 bits that a server may send */
    record DateTimeExtended(Tag tag, long epochMicroseconds) implements TtlvItem {
        @Override
        public ItemType type() {
            return ItemType.DATE_TIME_EXTENDED;
        }

        @Override
        public DateTimeExtended under(Tag other) {
            return new DateTimeExtended(other, epochMicroseconds);
        }

        /** The moment, exact to the microsecond. */
        public Instant instant() {
            return clamped(
                    Math.floorDiv(epochMicroseconds, 1_000_000L),
                    Math.floorMod(epochMicroseconds, 1_000_000L) * 1_000L);
        }
    }

    private static Instant clamped(long seconds, long nanoseconds) {
        if (seconds > Instant.MAX.getEpochSecond()) {
            return Instant.MAX;
        }
        return seconds < Instant.MIN.getEpochSecond() ? Instant.MIN : Instant.ofEpochSecond(seconds, nanoseconds);
    }
}
