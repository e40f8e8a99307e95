package io.tidemark.kmip.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A client for tests, as small as one can be: one connection, one request, the first bytes of the answer or why there are none. */
final class Caller implements AutoCloseable {
    /** A message that asks nothing. */
    static final byte[] REQUEST = HexFormat.of().parseHex("4200780100000000");

    static final byte[] ANSWER = HexFormat.of().parseHex("42007b0100000000");
    static final Attempt ATTEMPT = new Attempt("connect", "kms:5696");

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService tasks = Executors.newFixedThreadPool(2);

    /** What became of a call: an answer in hexadecimal, or a failure. */
    record Outcome(String answer, KmipException failure, SslHandler tls) {
        boolean answered() {
            return failure == null;
        }
    }

    Outcome call(KmipTls tls, String host, int port) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        SslHandler handler = tls.newHandler(made.alloc(), host, port, tasks);
                        made.pipeline().addLast(handler, new Asking(tls, handler, outcome));
                    }
                })
                .connect(host.equals("::1") ? host : "127.0.0.1", port)
                .sync()
                .channel();
        try {
            return outcome.get(20, TimeUnit.SECONDS);
        } finally {
            channel.close().sync();
        }
    }

    @Override
    public void close() throws Exception {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        tasks.shutdown();
    }

    private static final class Asking extends ChannelInboundHandlerAdapter {
        private final KmipTls tls;
        private final SslHandler handler;
        private final CompletableFuture<Outcome> outcome;

        Asking(KmipTls tls, SslHandler handler, CompletableFuture<Outcome> outcome) {
            this.tls = tls;
            this.handler = handler;
            this.outcome = outcome;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    context.writeAndFlush(Unpooled.wrappedBuffer(REQUEST)).addListener(sent -> {});
                } else {
                    failed(tls.handshakeFailed(ATTEMPT, handshake.cause()));
                }
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            byte[] bytes = new byte[in.readableBytes()];
            in.readBytes(bytes);
            in.release();
            outcome.complete(new Outcome(HexFormat.of().formatHex(bytes), null, handler));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(tls.firstAnswerFailed(ATTEMPT, cause));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            failed(tls.firstAnswerFailed(ATTEMPT, null));
        }

        private void failed(KmipException failure) {
            outcome.complete(new Outcome("", failure, handler));
        }
    }
}
