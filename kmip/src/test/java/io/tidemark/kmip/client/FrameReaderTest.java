package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.TtlvLimits;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest implements FrameReader.Receiver {
    private final List<String> frames = new ArrayList<>();
    private final List<ByteBuf> lent = new ArrayList<>();
    private final ByteBufAllocator allocator;
    private FrameReader reader;
    private int expected;

    FrameReaderTest(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @BeforeEach
    void make() {
        reader = new FrameReader(TtlvLimits.STANDARD, allocator);
        expected = Integer.MAX_VALUE;
    }

    @Override
    public void begins() {
        if (expected-- <= 0) {
            throw new MalformedMessage("not expected");
        }
    }

    @Override
    public void frame(ByteBuf message) {
        frames.add(HexFormat.of().formatHex(bytes(message)));
        lent.add(message);
    }

    private static byte[] bytes(ByteBuf message) {
        byte[] bytes = new byte[message.readableBytes()];
        message.getBytes(message.readerIndex(), bytes);
        return bytes;
    }

    private static byte[] message(int valueBytes, long seed) {
        byte[] message = new byte[8 + valueBytes];
        new Random(seed).nextBytes(message);
        byte[] header = HexFormat.of().parseHex("42007b01" + String.format("%08x", valueBytes));
        System.arraycopy(header, 0, message, 0, 8);
        return message;
    }

    private void read(byte[] bytes, int from, int to) {
        reader.read(allocator.heapBuffer().writeBytes(bytes, from, to - from), this);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 280, 1016, 1024, 5000})
    void aMessage_atEverySplit_isTheSameMessage(int valueBytes) {
        byte[] message = message(valueBytes, 1);
        int step = valueBytes > 1000 ? 37 : 1;
        for (int split = 0; split <= message.length; split += step) {
            read(message, 0, split);
            read(message, split, message.length);
        }

        assertThat(frames)
                .hasSize(message.length / step + 1)
                .containsOnly(HexFormat.of().formatHex(message));
        assertThat(reader.isAmidst()).isFalse();
    }

    @Test
    void threeMessages_byteByByte_areThree() {
        byte[] all = new byte[0];
        List<String> expectedFrames = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] message = message(16 * i, i);
            expectedFrames.add(HexFormat.of().formatHex(message));
            byte[] longer = new byte[all.length + message.length];
            System.arraycopy(all, 0, longer, 0, all.length);
            System.arraycopy(message, 0, longer, all.length, message.length);
            all = longer;
        }
        for (int i = 0; i < all.length; i++) {
            read(all, i, i + 1);
        }
        read(all, 0, all.length);

        assertThat(frames.subList(0, 3)).isEqualTo(expectedFrames);
        assertThat(frames.subList(3, 6)).isEqualTo(expectedFrames);
    }

    @Test
    void everyByte_isOverwritten_whereverItWas() {
        UnpooledByteBufAllocator watched = new UnpooledByteBufAllocator(false);
        List<ByteBuf> all = new ArrayList<>();
        reader = new FrameReader(TtlvLimits.STANDARD, new Watched(watched, all));
        byte[] message = message(4000, 2);

        for (int i = 0; i < message.length; i += 100) {
            ByteBuf in = watched.heapBuffer().writeBytes(message, i, Math.min(100, message.length - i));
            all.add(in.retain());
            reader.read(in, this);
        }

        assertThat(frames).containsExactly(HexFormat.of().formatHex(message));
        assertThat(all).hasSizeGreaterThan(42).allSatisfy(buffer -> {
            assertThat(buffer.refCnt()).isEqualTo(1);
            assertThat(bytes(buffer.setIndex(0, buffer.capacity()))).containsOnly(0);
        });
        all.forEach(ByteBuf::release);
    }

    @Test
    void anAnnouncedLength_reservesNothing() {
        UnpooledByteBufAllocator watched = new UnpooledByteBufAllocator(false);
        reader = new FrameReader(TtlvLimits.STANDARD, watched);
        byte[] header = HexFormat.of().parseHex("42007b01000ffff8");

        for (byte one : header) {
            reader.read(allocator.heapBuffer(1).writeByte(one), this);
        }

        assertThat(reader.isAmidst()).isTrue();
        assertThat(reader.announced()).isEqualTo(1 << 20);
        assertThat(watched.metric().usedHeapMemory()).isLessThanOrEqualTo(1024);
        reader.close();
        assertThat(watched.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42007b017ffffff8",
                "42007b01fffffff8",
                "42007b0100100000",
                "42007b0100000004",
                "4200780100000008",
                "42007b0200000008",
                "485454502f312e31",
                "1503030002020030"
            })
    void whatBeginsNoMessage_isRefusedAtItsHeader_wholeOrInPieces(String header) {
        byte[] bytes = HexFormat.of().parseHex(header);

        assertThatThrownBy(() -> read(bytes, 0, 8)).isInstanceOf(MalformedMessage.class);
        FrameReader another = new FrameReader(TtlvLimits.STANDARD, allocator);
        reader = another;
        read(bytes, 0, 5);
        assertThatThrownBy(() -> read(bytes, 5, 8)).isInstanceOf(MalformedMessage.class);
        another.close();
    }

    @Test
    void bytesThatNobodyExpects_areRefusedAtTheFirst() {
        expected = 1;
        byte[] message = message(8, 3);
        read(message, 0, message.length);

        assertThatThrownBy(() -> read(message, 0, 1)).hasMessage("not expected");
        assertThat(frames).hasSize(1);
    }
}
