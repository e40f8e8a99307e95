package io.tidemark.kmip.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Bytes to whole messages, by the first eight bytes of each. */
final class RequestFrames extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < RawTtlv.HEADER) {
            return;
        }
        long length = RawTtlv.HEADER + in.getUnsignedInt(in.readerIndex() + 4);
        if (in.readableBytes() >= length) {
            byte[] message = new byte[(int) length];
            in.readBytes(message);
            out.add(message);
        }
    }
}
