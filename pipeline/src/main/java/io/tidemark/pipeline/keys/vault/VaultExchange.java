package io.tidemark.pipeline.keys.vault;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One request over a connection of its own: keys are fetched seldom, and a connection that is not kept is none that
 * somebody has cut meanwhile. Buffers are not pooled, so that what held a key is not handed on.
 */
final class VaultExchange {
    private static final int MOST_LINE_BYTES = 4096;
    private static final int MOST_HEADER_BYTES = 16_384;
    private static final int MOST_CHUNK_BYTES = 8192;

    private final Supplier<Bootstrap> connecting;
    private final VaultPlace place;
    private final Executor tasks;

    /** @param tasks where certificates are checked and keys agreed upon */
    VaultExchange(Supplier<Bootstrap> connecting, VaultPlace place, Executor tasks) {
        this.connecting = connecting;
        this.place = place;
        this.tasks = tasks;
    }

    /**
     * What came back, given. Fails with {@code KeysFailed} of reason {@code UNREACHABLE}, {@code UNTRUSTED} or {@code
     * UNUSABLE}; a cancel closes the connection.
     *
     * @param request lent until the end
     * @param tls null for http
     * @param connectTimeout of this address
     */
    Mono<VaultAnswer> run(
            VaultRequest request, InetAddress address, @Nullable SslContext tls, Duration connectTimeout) {
        return Mono.create(sink -> {
            AnswerHandler answers = new AnswerHandler(place.authority(), sink);
            ChannelFuture connected = bootstrap(tls, answers)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()))
                    .connect(new InetSocketAddress(address, place.port()));
            MonoSink<VaultAnswer> closing = sink.onDispose(() -> close(connected.channel()));
            connected.addListener(done -> {
                if (!done.isSuccess()) {
                    closing.error(unreachable(done.cause()));
                } else if (tls == null) {
                    send(connected.channel(), request, closing);
                } else {
                    begin(connected.channel(), request, closing);
                }
            });
        });
    }

    /** The order of the handlers: TLS, HTTP, the answer. */
    private Bootstrap bootstrap(@Nullable SslContext tls, AnswerHandler answers) {
        return connecting
                .get()
                .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline()
                                    .addLast("tls", tls.newHandler(channel.alloc(), place.host(), place.port(), tasks));
                        }
                        channel.pipeline()
                                .addLast(
                                        "http",
                                        new HttpResponseDecoder(MOST_LINE_BYTES, MOST_HEADER_BYTES, MOST_CHUNK_BYTES))
                                .addLast("answer", answers);
                    }
                });
    }

    /** Nothing is said before the server has proved who it is. */
    private void begin(Channel channel, VaultRequest request, MonoSink<VaultAnswer> sink) {
        channel.pipeline().get(SslHandler.class).handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                send(channel, request, sink);
            } else {
                sink.error(TlsWords.failure(place, done.cause()));
            }
        });
    }

    private void send(Channel channel, VaultRequest request, MonoSink<VaultAnswer> sink) {
        ByteBuf out = request.encode(channel.alloc());
        out.retain();
        channel.writeAndFlush(out).addListener(done -> {
            VaultRequest.wipe(out);
            out.release();
            if (!done.isSuccess()) {
                sink.error(unreachable(done.cause()));
            }
        });
    }

    private KeysFailed unreachable(Throwable cause) {
        return new KeysFailed(
                Reason.UNREACHABLE,
                "no connection to " + place.authority() + ": "
                        + Objects.requireNonNullElse(cause.getMessage(), cause.toString()),
                "see whether Vault runs and listens there, and whether a firewall is between",
                cause);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
    private static void close(ChannelOutboundInvoker channel) {
        channel.close();
    }
}
