package io.tidemark.pipeline.postgres.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.conninfo.KeepAlive;
import io.tidemark.pipeline.postgres.message.BackendMessage.BackendKeyData;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** The way to one address: connects, speaks TLS where that is wanted, and goes the same way again to cancel. */
public final class Dialer {
    /** What one read brings at most, and so what waits for a slow receiver. */
    static final int READ_BYTES = 64 << 10;

    private static final String UNTIL_READY = "until ready";
    private static final Duration CANCEL_TIME = Duration.ofSeconds(5);

    private final EventLoops loops;
    private final SocketAddress address;
    private final String where;
    private final KeepAlive keepAlive;
    private final Duration timeout;
    private final @Nullable TlsClient tls;

    private Dialer(
            EventLoops loops,
            SocketAddress address,
            String where,
            KeepAlive keepAlive,
            Duration timeout,
            @Nullable TlsClient tls) {
        this.loops = loops;
        this.address = address;
        this.where = where;
        this.keepAlive = keepAlive;
        this.timeout = timeout;
        this.tls = tls;
    }

    /**
     * @param where for messages
     * @param timeout up to the end of the session's start
     */
    public static Dialer tcp(
            EventLoops loops,
            InetAddress address,
            int port,
            String where,
            KeepAlive keepAlive,
            Duration timeout,
            @Nullable TlsClient tls) {
        return new Dialer(loops, new InetSocketAddress(address, port), where, keepAlive, timeout, tls);
    }

    /** @param timeout up to the end of the session's start */
    public static Dialer unix(EventLoops loops, String path, Duration timeout) {
        return new Dialer(loops, loops.unixAddress(path), path, KeepAlive.SYSTEM, timeout, null);
    }

    /** A connection, nothing said over it but TLS; closed if nobody wants it any more. */
    public Mono<Wire> dial() {
        return Mono.create(sink -> {
            EventLoop loop = loops.next();
            long deadline = loop.ticker().nanoTime() + timeout.toNanos();
            Promise<Channel> ready = open(loop, timeout);
            MonoSink<Wire> cancellable = sink.onCancel(() -> {
                if (!ready.cancel(false) && ready.isSuccess()) {
                    Closing.begin(ready.getNow());
                }
            });
            ready.addListener(done -> {
                if (done.isSuccess()) {
                    cancellable.success(wire(ready.getNow(), deadline));
                } else if (!done.isCancelled()) {
                    cancellable.error(done.cause());
                }
            });
        });
    }

    private Promise<Channel> open(EventLoop loop, Duration within) {
        Promise<Channel> ready = loop.newPromise();
        ChannelFuture connected = bootstrap()
                .group(loop)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast("request for tls", new TlsNegotiation(where, tls, ready));
                        }
                        channel.pipeline().addLast(UNTIL_READY, new UntilClosed());
                    }
                })
                .connect(address);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                ready.tryFailure(unreachable(done.cause()));
            } else if (tls == null) {
                ready.trySuccess(connected.channel());
            }
        });
        Future<?> alarm = loop.schedule(
                () -> ready.tryFailure(SessionHandler.tooSlow(where, within)), within.toNanos(), TimeUnit.NANOSECONDS);
        ready.addListener(done -> {
            alarm.cancel(false);
            if (!done.isSuccess()) {
                Closing.begin(connected.channel());
            }
        });
        return ready;
    }

    private Bootstrap bootstrap() {
        boolean tcp = address instanceof InetSocketAddress;
        Bootstrap bootstrap = tcp ? loops.tcp() : loops.unix();
        if (tcp) {
            TcpOptions.set(bootstrap, loops.transport(), keepAlive);
        }
        return bootstrap
                .option(ChannelOption.AUTO_READ, false)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1));
    }

    private PostgresFailed unreachable(Throwable cause) {
        String reason = cause instanceof FileNotFoundException
                ? "there is no such socket"
                : Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        return new PostgresFailed(
                "no connection to " + where + ": " + reason,
                "see whether the server runs and listens there (listen_addresses, port, unix_socket_directories), and whether"
                        + " a firewall is between",
                cause);
    }

    /** The order of the handlers: TLS, messages, session. */
    private Wire wire(Channel channel, long deadline) {
        SessionHandler session = new SessionHandler(
                channel.eventLoop(), where, timeout, deadline, (key, then) -> cancel(channel.eventLoop(), key, then));
        channel.pipeline()
                .addLast("messages", new MessageDecoder(where))
                .addLast("session", session)
                .remove(UNTIL_READY);
        return new Wire(channel, session, where, security(channel));
    }

    private Security security(Channel channel) {
        boolean local = !(address instanceof InetSocketAddress inet)
                || inet.getAddress().isLoopbackAddress();
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (tls == null || handler == null) {
            return new Security(local ? Security.Protection.LOCAL : Security.Protection.PLAIN, null);
        }
        try {
            X509Certificate certificate =
                    (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
            return new Security(local ? Security.Protection.LOCAL : tls.protection(), certificate);
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a handshake without a certificate", e);
        }
    }

    /** The server answers a CancelRequest by closing, whether there was something to cancel or not. */
    private void cancel(EventLoop loop, BackendKeyData key, Runnable then) {
        Promise<Channel> ready = open(loop, CANCEL_TIME);
        ready.addListener(done -> {
            if (!done.isSuccess()) {
                then.run();
                return;
            }
            Channel channel = ready.getNow();
            Future<?> alarm = loop.schedule(() -> Closing.begin(channel), CANCEL_TIME.toSeconds(), TimeUnit.SECONDS);
            channel.closeFuture().addListener(closed -> {
                alarm.cancel(false);
                then.run();
            });
            channel.writeAndFlush(
                            new FrontendMessage.CancelRequest(key.processId(), key.secret()).encode(channel.alloc()))
                    .addListener(written -> channel.read());
        });
    }

    /** Waits for the end of the stream: nothing may come before a session is begun, or after a CancelRequest. Errors are told elsewhere. */
    private static final class UntilClosed extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            Closing.begin(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Closing.begin(context);
        }
    }
}
