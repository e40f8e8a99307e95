package io.tidemark.kmip.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TtlvReaderTest {
    private static final Tag TAG = new Tag(0x420020);

    /** The examples of the specification, chapter TTLV Encoding, Examples. */
    @Test
    void read_theSpecificationsExamples_givesTheirValues() {
        assertThat(Items.read("42002002 00000004 00000008 00000000")).isEqualTo(new TtlvItem.IntegerItem(TAG, 8));
        assertThat(Items.read("42002003 00000008 01B69B4BA5749200"))
                .isEqualTo(new TtlvItem.LongIntegerItem(TAG, 123456789000000000L));
        assertThat(Items.read("42002004 00000010 0000000003FD35EB 6BC2DF4618080000"))
                .isEqualTo(new TtlvItem.BigIntegerItem(TAG, new BigInteger("1234567890000000000000000000")));
        assertThat(Items.read("42002005 00000004 000000FF 00000000")).isEqualTo(new TtlvItem.Enumeration(TAG, 255));
        assertThat(Items.read("42002006 00000008 0000000000000001")).isEqualTo(new TtlvItem.BooleanItem(TAG, true));
        assertThat(Items.read("42002007 0000000B 48656C6C6F20576F 726C640000000000"))
                .isEqualTo(TextString.of(TAG, "Hello World"));
        assertThat(Items.read("42002008 00000003 0102030000000000"))
                .isEqualTo(ByteString.copyOf(TAG, new byte[] {1, 2, 3}));
        assertThat(((TtlvItem.DateTime) Items.read("42002009 00000008 0000000047DA67F8")).instant())
                .isEqualTo(Instant.parse("2008-03-14T11:56:40Z"));
        assertThat(Items.read("4200200A 00000004 000D2F0000000000")).isEqualTo(new TtlvItem.Interval(TAG, 864_000));
        assertThat(((TtlvItem.DateTimeExtended) Items.read("4200200B 00000008 00048440EC3F1A40")).instant())
                .isEqualTo(Instant.ofEpochSecond(
                        0x00048440EC3F1A40L / 1_000_000, 0x00048440EC3F1A40L % 1_000_000 * 1_000));
        assertThat(Items.read(
                        "42002001 00000020 42000405 00000004 000000FE 00000000 42000502 00000004 000000FF 00000000"))
                .isEqualTo(new Structure(
                        TAG,
                        List.of(
                                new TtlvItem.Enumeration(new Tag(0x420004), 254),
                                new TtlvItem.IntegerItem(new Tag(0x420005), 255))));
    }

    @Test
    void read_whatWasWritten_givesTheSame() {
        int rounds = 2_000 * Integer.getInteger("tidemark.effort", 1);
        Random random = new Random(20261127);
        for (int i = 0; i < rounds; i++) {
            TtlvItem item = Items.random(random, 4);
            String written = Items.write(item);

            assertThat(written.length()).as("seed 20261127, round " + i).isEqualTo(2 * (int) TtlvWriter.size(item));
            assertThat(Items.read(written)).as("seed 20261127, round " + i).isEqualTo(item);
        }
    }

    @Test
    void read_aMessageCutAnywhere_refusesIt() {
        ByteBuf whole = Items.bytes("42007801 00000030 42002007 0000000B 48656C6C6F20576F 726C640000000000"
                + "42002002 00000004 00000008 00000000");
        TtlvReader reader = new TtlvReader(TtlvLimits.STANDARD);
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf cut = whole.slice(0, length);

            assertThatThrownBy(() -> reader.read(cut))
                    .as("the first %d bytes", length)
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void read_lengthsThatTheTypeHasNot_refusesThem() {
        for (String item : new String[] {
            "42002002 00000008 0000000000000008",
            "42002003 00000004 0000000800000000",
            "42002004 00000000",
            "42002004 00000004 0000000800000000",
            "42002005 00000002 0008000000000000",
            "42002006 00000001 0100000000000000",
            "42002009 00000000",
            "4200200A 00000008 0000000000000008",
            "42002001 00000004 0000000000000000",
        }) {
            assertThatThrownBy(() -> Items.read(item)).as(item).hasMessageContaining("has a length of");
        }
    }

    @Test
    void read_whatIsWrongInOtherWays_saysWhere() {
        assertThatThrownBy(() -> Items.read("42002006 00000008 0000000000000002"))
                .hasMessageContaining("neither true nor false");
        assertThatThrownBy(() -> Items.read("4200200F 00000004 0000000800000000"))
                .hasMessageContaining("unknown type 0x0F");
        assertThatThrownBy(() -> Items.read("42002000 00000004 0000000800000000"))
                .hasMessageContaining("unknown type 0x00");
        assertThatThrownBy(() -> Items.read("42002002 00000004 0000000800000000 00"))
                .hasMessage("1 bytes follow the message, which ends at offset 16");
        assertThatThrownBy(() -> Items.read("42002001 00000010 42000402 00000004 00000001"))
                .hasMessageContaining("announces 16 bytes, and 12 are left");
        assertThatThrownBy(() -> Items.read("42002001 00000008 4200040800000010"))
                .as("a child that reaches past the parent")
                .hasMessageContaining("at offset 8 announces 16 bytes, and 0 are left");
    }

    @Test
    void read_lengthsOfFourGigabytes_refusesThemWithoutReservingAnything() {
        for (String type : new String[] {"01", "04", "07", "08"}) {
            assertThatThrownBy(() -> Items.read("420020" + type + " FFFFFFF8 0000000000000000"))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining("announces 4294967288 bytes, and 8 are left");
        }
    }

    @Test
    void read_padding_isSkippedUnlessZerosAreWanted() {
        String padded = "42002002 00000004 00000008 00000100";

        assertThat(Items.read(padded)).isEqualTo(new TtlvItem.IntegerItem(TAG, 8));
        assertThatThrownBy(
                        () -> new TtlvReader(TtlvLimits.STANDARD, TtlvReader.Padding.ZEROS).read(Items.bytes(padded)))
                .hasMessageContaining("padded with other than zeros at offset 14");
    }

    @Test
    void read_emptyTextBytesAndStructure_areLegal() {
        assertThat(Items.read("42002007 00000000")).isEqualTo(TextString.of(TAG, ""));
        assertThat(Items.read("42002008 00000000")).isEqualTo(ByteString.copyOf(TAG, new byte[0]));
        assertThat(Items.read("42007C01 00000000")).isEqualTo(new Structure(Tag.RESPONSE_PAYLOAD, List.of()));
    }

    @Test
    void read_moreThanALimit_refusesItAtTheLimit() {
        TtlvLimits limits = new TtlvLimits(1 << 16, 3, 5, 8, 16);
        TtlvReader reader = new TtlvReader(limits);

        assertThat(reader.read(nested(3))).isNotNull();
        assertThatThrownBy(() -> reader.read(nested(4))).hasMessageContaining("deeper than 3");
        assertThat(reader.read(wide(4))).isNotNull();
        assertThatThrownBy(() -> reader.read(wide(5)))
                .hasMessageContaining("more than 5 items in a message, at offset");
        assertThat(reader.read(Items.bytes("42002007 00000008 4142434445464748")))
                .isNotNull();
        assertThatThrownBy(() -> reader.read(Items.bytes("42002007 00000009 4142434445464748 4900000000000000")))
                .hasMessageContaining("8 are the most that a TextString may have");
        assertThatThrownBy(() -> reader.read(Items.bytes("42002004 00000018" + "00".repeat(24))))
                .hasMessageContaining("16 are the most that a BigInteger may have");
        assertThatThrownBy(() -> new TtlvReader(limits.withFrameBytes(15))
                        .read(Items.bytes("42002007 00000008" + "41".repeat(8))))
                .hasMessageContaining("15 are the most");
    }

    @Test
    void read_fiveThousandStructuresWithinEachOther_endsAtTheLimit() {
        assertThatThrownBy(() -> new TtlvReader(TtlvLimits.STANDARD).read(nested(5_000)))
                .hasMessageContaining("deeper than 32");
    }

    @Test
    void read_bytes_lendsThoseOfTheFrame() {
        ByteBuf frame = Items.bytes("42004308 00000008 0102030405060708");

        ByteString item = (ByteString) new TtlvReader(TtlvLimits.STANDARD).read(frame);
        item.bytes().setZero(0, 8);

        assertThat(frame.getLong(8)).isZero();
        assertThat(item).hasToString("ByteString[KeyMaterial, 8 bytes]");
    }

    /** pg_tde's library cuts names at 250 bytes, which may be in the middle of a character. */
    @Test
    void read_aTextThatIsNotUtf8_keepsItsBytes() {
        String half = "42005507 00000003 4142C30000000000";

        TextString text = (TextString) Items.read(half);

        assertThat(text.isUtf8()).isFalse();
        assertThat(text.value()).isEqualTo("AB\uFFFD");
        assertThat(Items.write(text)).isEqualToIgnoringCase(half.replace(" ", ""));
        assertThat(((TextString) Items.read("42005507 00000003 EFBFBD0000000000")).isUtf8())
                .isTrue();
    }

    @Test
    void read_fromTheMiddleOfABuffer_countsFromItsReaderIndex() {
        ByteBuf frame = Unpooled.buffer().writeLong(-1);
        TtlvWriter.write(new TtlvItem.IntegerItem(TAG, 8), frame);
        frame.skipBytes(8);

        assertThat(new TtlvReader(TtlvLimits.STANDARD).read(frame)).isEqualTo(new TtlvItem.IntegerItem(TAG, 8));
    }

    private static ByteBuf nested(int depth) {
        ByteBuf out = Unpooled.buffer();
        for (int i = depth - 1; i >= 0; i--) {
            out.writeInt(0x42002001).writeInt(8 * i);
        }
        return out;
    }

    private static ByteBuf wide(int children) {
        ByteBuf out = Unpooled.buffer().writeInt(0x42002001).writeInt(16 * children);
        for (int i = 0; i < children; i++) {
            TtlvWriter.write(new TtlvItem.IntegerItem(TAG, i), out);
        }
        return out;
    }
}
