package io.tidemark.pipeline.postgres.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.MessageReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what is read into messages. Keeps at most one read's bytes, or one message that is not whole yet. */
final class MessageDecoder extends ByteToMessageDecoder {
    private final MessageReader reader;

    MessageDecoder(String where) {
        this.reader = new MessageReader(where);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            @Nullable BackendMessage message = reader.read(in);
            if (message != null) {
                out.add(message);
            }
        } catch (PostgresFailed violation) {
            // nothing behind it can be believed, nor read twice
            in.skipBytes(in.readableBytes());
            throw violation;
        }
    }
}
