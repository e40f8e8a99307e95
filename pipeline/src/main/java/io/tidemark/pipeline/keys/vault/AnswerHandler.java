package io.tidemark.pipeline.keys.vault;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** Gathers one answer, up to a limit, and wipes what it read it from. All state belongs to the channel's event loop. */
final class AnswerHandler extends SimpleChannelInboundHandler<HttpObject> {
    /** A key in JSON has some hundred bytes. */
    static final int MOST_BODY_BYTES = 65_536;

    private static final int FIRST_OF_FINAL = 200;

    private final String where;
    private final MonoSink<VaultAnswer> sink;
    private byte[] body = new byte[1024];
    private int length;
    private int status;
    private @Nullable String location;
    private boolean ended;

    AnswerHandler(String where, MonoSink<VaultAnswer> sink) {
        this.where = where;
        this.sink = sink;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (ended) {
            return;
        }
        if (part.decoderResult().isFailure()) {
            fail(unusable(
                    "the answer of " + where + " is no HTTP",
                    part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpResponse response) {
            status = response.status().code();
            location = response.headers().get(HttpHeaderNames.LOCATION);
        }
        if (part instanceof HttpContent content && status >= FIRST_OF_FINAL) {
            take(content.content());
            if (!ended && part instanceof LastHttpContent) {
                succeed();
            }
        }
    }

    private void take(ByteBuf content) {
        int more = content.readableBytes();
        int start = content.readerIndex();
        if (length + more > MOST_BODY_BYTES) {
            fail(unusable("the answer of " + where + " is longer than " + MOST_BODY_BYTES + " bytes", null));
        } else {
            if (length + more > body.length) {
                byte[] longer = Arrays.copyOf(body, Math.max(2 * body.length, length + more));
                Arrays.fill(body, (byte) 0);
                body = longer;
            }
            content.getBytes(start, body, length, more);
            length += more;
        }
        if (!content.isReadOnly() && more > 0) {
            content.setZero(start, more);
        }
    }

    private void succeed() {
        ended = true;
        VaultAnswer answer = new VaultAnswer(status, Arrays.copyOf(body, length), location);
        Arrays.fill(body, (byte) 0);
        sink.success(answer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new KeysFailed(
                Reason.UNREACHABLE,
                where + (status == 0 ? " closed the connection without an answer" : " stopped in its answer"),
                null,
                null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(new KeysFailed(
                Reason.UNREACHABLE, "the connection to " + where + " failed: " + cause.getMessage(), null, cause));
    }

    private static KeysFailed unusable(String what, @Nullable Throwable cause) {
        return new KeysFailed(
                Reason.UNUSABLE, what, "is it Vault that listens there, and not something before it?", cause);
    }

    private void fail(KeysFailed failure) {
        if (!ended) {
            ended = true;
            Arrays.fill(body, (byte) 0);
            sink.error(failure);
        }
    }
}
