package io.tidemark.pipeline.postgres.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What this client says. */
public sealed interface FrontendMessage {
    /** The message's bytes, given: the caller releases them, or hands them to the channel. */
    ByteBuf encode(ByteBufAllocator allocator);

    /** The first message of a session: protocol 3.0 and the session's parameters, {@code user} among them. */
    record Startup(Map<String, String> parameters) implements FrontendMessage {
        private static final int PROTOCOL_3_0 = 3 << 16;

        public Startup {
            parameters = Map.copyOf(parameters);
        }

        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            ByteBuf out = allocator.buffer().writeInt(0).writeInt(PROTOCOL_3_0);
            parameters.forEach((name, value) -> text(text(out, name), value));
            return withLength(out.writeByte(0), 0);
        }
    }

    /** Asks for TLS; the answer is one byte. */
    record SslRequest() implements FrontendMessage {
        private static final int CODE = 80_877_103;

        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            return allocator.buffer(8).writeInt(8).writeInt(CODE);
        }
    }

    /** Ends what a session is doing; goes over a connection of its own. */
    record CancelRequest(int processId, Bytes secret) implements FrontendMessage {
        private static final int CODE = 80_877_102;

        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            return allocator
                    .buffer(12 + secret.length())
                    .writeInt(12 + secret.length())
                    .writeInt(CODE)
                    .writeInt(processId)
                    .writeBytes(secret.toArray());
        }
    }

    /** A password as it is, or its md5 form. */
    record Password(Bytes password) implements FrontendMessage {
        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            return withLength(
                    allocator
                            .buffer()
                            .writeByte('p')
                            .writeInt(0)
                            .writeBytes(password.toArray())
                            .writeByte(0),
                    1);
        }
    }

    record SaslInitialResponse(String mechanism, Bytes data) implements FrontendMessage {
        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            ByteBuf out = text(allocator.buffer().writeByte('p').writeInt(0), mechanism);
            return withLength(out.writeInt(data.length()).writeBytes(data.toArray()), 1);
        }
    }

    record SaslResponse(Bytes data) implements FrontendMessage {
        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            return withLength(allocator.buffer().writeByte('p').writeInt(0).writeBytes(data.toArray()), 1);
        }
    }

    /** A simple query, or a command of the replication protocol. */
    record Query(String sql) implements FrontendMessage {
        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            return withLength(text(allocator.buffer().writeByte('Q').writeInt(0), sql), 1);
        }
    }

    record Terminate() implements FrontendMessage {
        @Override
        public ByteBuf encode(ByteBufAllocator allocator) {
            return allocator.buffer(5).writeByte('X').writeInt(4);
        }
    }

    private static ByteBuf text(ByteBuf out, String text) {
        if (text.indexOf('\0') >= 0) {
            out.release();
            throw new IllegalArgumentException("a text with a NUL has no place in the protocol");
        }
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        return out.writeByte(0);
    }

    private static ByteBuf withLength(ByteBuf out, int at) {
        return out.setInt(at, out.readableBytes() - at);
    }
}
