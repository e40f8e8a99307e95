package io.tidemark.kmip.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

final class FrameTest {
    @Test
    void length_untilEightBytesAreThere_isNotKnown() {
        ByteBuf header = Items.bytes("42007B01 00000098");
        for (int there = 0; there < 8; there++) {
            assertThat(Frame.length(header.slice(0, there), Tag.RESPONSE_MESSAGE, TtlvLimits.STANDARD))
                    .isEmpty();
        }
        assertThat(Frame.length(header, Tag.RESPONSE_MESSAGE, TtlvLimits.STANDARD))
                .hasValue(0xA0);
    }

    @Test
    void length_ofWhatIsNoAnswer_refusesTheConnection() {
        assertThatThrownBy(() -> length("485454502F312E31")).hasMessageContaining("tag 0x485454 and type 0x50");
        assertThatThrownBy(() -> length("4200780100000098")).hasMessageContaining("tag 0x420078");
        assertThatThrownBy(() -> length("42007B0800000098")).hasMessageContaining("type 0x08");
        assertThatThrownBy(() -> length("42007B0100000099")).hasMessageContaining("no multiple of 8");
        assertThatThrownBy(() -> length("42007B0100100000")).hasMessageContaining("1048568 are the most");
        assertThatThrownBy(() -> length("42007B01FFFFFFF8")).hasMessageContaining("announces 4294967288 bytes");
        assertThat(Frame.length(Items.bytes("42007B01000FFFF8"), Tag.RESPONSE_MESSAGE, TtlvLimits.STANDARD))
                .hasValue(1 << 20);
    }

    private static void length(String header) {
        assertThat(Frame.length(Items.bytes(header), Tag.RESPONSE_MESSAGE, TtlvLimits.STANDARD))
                .isEmpty();
    }

    @Test
    void wipeAndRelease_ofABufferThatWasRead_leavesZerosAndNoReference() {
        ByteBuf frame =
                UnpooledByteBufAllocator.DEFAULT.heapBuffer(16).writeLong(-1).writeLong(-1);
        ByteBuf view = Unpooled.wrappedBuffer(frame.nioBuffer());
        frame.skipBytes(8);

        Frame.wipeAndRelease(frame);

        assertThat(frame.refCnt()).isZero();
        assertThat(view.getLong(0)).isZero();
        assertThat(view.getLong(8)).isZero();
    }

    @Test
    void write_ofAMessage_fillsABufferOfExactlyItsSize() {
        ByteBuf out = TtlvWriter.write(TextString.of(Tag.NAME_VALUE, "x".repeat(16)), UnpooledByteBufAllocator.DEFAULT);
        try {
            assertThat(out.readableBytes()).isEqualTo(24);
            assertThat(out.maxCapacity()).isEqualTo(24);
        } finally {
            out.release();
        }
    }
}
