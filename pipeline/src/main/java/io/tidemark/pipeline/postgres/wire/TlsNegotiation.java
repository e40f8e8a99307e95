package io.tidemark.pipeline.postgres.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import org.jspecify.annotations.Nullable;

/**
 * Asks for TLS and takes the answer, one byte; then makes room for TLS itself. More than one byte is what somebody put in before the
 * handshake, to be taken for the server's later (CVE-2021-23222), and is refused. Where TLS begins at once, there is nothing to ask.
 */
final class TlsNegotiation extends ChannelInboundHandlerAdapter {
    private final String where;
    private final TlsClient tls;
    private final Promise<Channel> ready;

    TlsNegotiation(String where, TlsClient tls, Promise<Channel> ready) {
        this.where = where;
        this.tls = tls;
        this.ready = ready;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (tls.beginsAtOnce()) {
            begin(context);
            return;
        }
        context.writeAndFlush(new FrontendMessage.SslRequest().encode(context.alloc()))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        lost(context, written.cause());
                    }
                });
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        int bytes = in.readableBytes();
        byte answer = bytes == 0 ? 0 : in.getByte(in.readerIndex());
        in.release();
        if (bytes == 0) {
            context.read();
        } else if (answer == 'S' && bytes == 1) {
            begin(context);
        } else {
            refuse(context, refusal(answer, bytes));
        }
    }

    private void begin(ChannelHandlerContext context) {
        SslHandler handler = tls.handler(context.alloc());
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                ready.trySuccess(context.channel());
            } else {
                refuse(context, tls.failure(where, done.cause()));
            }
        });
        context.pipeline().replace(this, "tls", handler);
        context.channel().read();
    }

    private PostgresFailed refusal(byte answer, int bytes) {
        return switch (answer) {
            case 'S' ->
                new PostgresFailed("the answer of " + where + " to the request for TLS has " + bytes
                        + " bytes instead of one: somebody on the way may have put them in");
            case 'N' ->
                new PostgresFailed(
                        where + " does not speak TLS",
                        "set ssl=on at the server; where the way to it is safe, write sslmode=disable");
            case 'E' ->
                new PostgresFailed(
                        where
                                + " answered the request for TLS with an error, which is not shown, for anybody may have sent it",
                        "see the server's log");
            default ->
                new PostgresFailed("the answer of " + where + " to the request for TLS is byte 0x"
                        + Integer.toHexString(answer & 0xff) + ": not PostgreSQL's protocol");
        };
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost(context, null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lost(context, cause);
    }

    private void lost(ChannelHandlerContext context, @Nullable Throwable cause) {
        refuse(
                context,
                new PostgresFailed(
                        "the connection to " + where + " was lost while TLS was asked for"
                                + (cause == null ? "" : ": " + cause.getMessage()),
                        cause));
    }

    private void refuse(ChannelHandlerContext context, PostgresFailed failure) {
        ready.tryFailure(failure);
        Closing.begin(context);
    }
}
