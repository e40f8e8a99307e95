package io.tidemark.kmip.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a scripted server takes a new connection, before TLS: as a value. */
public final class Door {
    /** Nothing goes wrong. */
    public static final Door OPEN = new Door(null);

    /** Closed as soon as it has been taken. */
    public static final Door SHUT = new Door(Shut::new);

    /** Taken, and never a word: the handshake does not end. */
    public static final Door SILENT = new Door(Silent::new);

    private final @Nullable Making making;

    private Door(@Nullable Making making) {
        this.making = making;
    }

    /** A handler for one connection. */
    private interface Making {
        ChannelHandler make();
    }

    /** Everything that the server says comes so much later: a slow handshake, and slow answers. */
    public static Door slow(Duration each) {
        return new Door(() -> new Late(each));
    }

    /** The first bytes are answered by a fatal alert of TLS in clear, as of RFC 8446 section 6; 48 is unknown_ca. */
    public static Door alerting(int alert) {
        return clear(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
    }

    /** The first bytes are answered by these, in clear: another protocol. The connection is closed behind them. */
    public static Door clear(byte[] answer) {
        byte[] copy = answer.clone();
        return new Door(() -> new Clear(copy));
    }

    @Nullable
    ChannelHandler handler() {
        return making == null ? null : making.make();
    }

    private static final class Shut extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            Ending.of(context);
        }
    }

    private static final class Silent extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    private static final class Clear extends ChannelInboundHandlerAdapter {
        private final byte[] answer;

        Clear(byte[] answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            context.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(written -> Ending.of(context));
        }
    }

    /** Keeps the order of what it delays. */
    private static final class Late extends ChannelDuplexHandler {
        private final Duration each;
        private final Deque<Object> waiting = new ArrayDeque<>();

        Late(Duration each) {
            this.each = each;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            waiting.add(message);
            promise.trySuccess();
            context.executor()
                    .schedule(() -> next(context), each.toNanos(), TimeUnit.NANOSECONDS)
                    .addListener(sent -> {});
        }

        private void next(ChannelHandlerContext context) {
            Object message = waiting.poll();
            if (message != null) {
                context.writeAndFlush(message).addListener(sent -> {});
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            waiting.forEach(ReferenceCountUtil::release);
            waiting.clear();
        }
    }
}
