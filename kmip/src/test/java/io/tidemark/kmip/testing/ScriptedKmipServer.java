package io.tidemark.kmip.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A KMIP server over TLS on a free port of the loopback interface. It frames requests, keeps them, and does with each what its
 * {@link Answerer} says, in order. What an answerer throws fails the test at {@link #close}; that a client goes away does not.
 *
 * <pre>{@code
 * try (ScriptedKmipServer server = ScriptedKmipServer.start(pki, ServerTls.good(), Answerer.always(bytes))) {
 *     …
 *     server.shows(ServerTls.good().showing("server-ec.crt", "server-ec.key"));    // a renewed certificate, for later connections
 *     server.stop();                                                              // and start() again on the same port
 * }
 * }</pre>
 */
public final class ScriptedKmipServer implements AutoCloseable {
    private final Pki pki;
    private final InetAddress address;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ChannelGroup connected = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<KmipRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    private volatile SslContext context;
    private volatile ServerTls tls;
    private volatile Answerer answerer;
    private volatile Door door = Door.OPEN;
    private volatile int port;
    private @Nullable Channel listening;

    private ScriptedKmipServer(Pki pki, InetAddress address, ServerTls tls, Answerer answerer) {
        this.pki = pki;
        this.address = address;
        this.tls = tls;
        this.answerer = answerer;
        this.context = context(pki, tls);
    }

    public static ScriptedKmipServer start(Pki pki, ServerTls tls, Answerer answerer) {
        return startOn(InetAddress.getLoopbackAddress(), pki, tls, answerer);
    }

    /** On another address of this machine, as {@code ::1}. */
    public static ScriptedKmipServer startOn(InetAddress address, Pki pki, ServerTls tls, Answerer answerer) {
        ScriptedKmipServer server = new ScriptedKmipServer(pki, address, tls, answerer);
        server.start();
        return server;
    }

    /** Listens, on the port that it had before if it had one; Java gives that back only when its selector has looked again. */
    public void start() {
        ChannelFuture bound = listen().awaitUninterruptibly();
        for (int left = 200; left > 0 && bound.cause() instanceof BindException; left--) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            bound = listen().awaitUninterruptibly();
        }
        listening = bound.syncUninterruptibly().channel();
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private ChannelFuture listen() {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        take(channel);
                    }
                })
                .bind(new InetSocketAddress(address, port));
    }

    /** The order of the handlers: door, TLS, frames, session. */
    private void take(Channel channel) {
        connected.add(channel);
        ChannelHandler first = door.handler();
        if (first != null) {
            channel.pipeline().addLast("door", first);
        }
        channel.pipeline()
                .addLast("tls", context.newHandler(channel.alloc()))
                .addLast("frames", new RequestFrames())
                .addLast(
                        "session",
                        new Session(
                                connections.incrementAndGet(),
                                tls.clients(),
                                request -> {
                                    requests.add(request);
                                    return answerer.answer(request);
                                },
                                failures::add));
    }

    public int port() {
        return port;
    }

    /** All requests so far, in the order in which they came. */
    public List<KmipRequest> requests() {
        return List.copyOf(requests);
    }

    /** How many connections were taken so far. */
    public int connections() {
        return connections.get();
    }

    /** How many of them are open. */
    public int open() {
        return connected.size();
    }

    public void forgetRequests() {
        requests.clear();
    }

    /** From now on. */
    public void answers(Answerer now) {
        answerer = now;
    }

    /** For connections that come. */
    public void door(Door now) {
        door = now;
    }

    /** For connections that come; sessions of before cannot be resumed. */
    public void shows(ServerTls now) {
        context = context(pki, now);
        tls = now;
    }

    /** Ends all connections in order, and goes on listening. */
    public void dropConnections() {
        connected.close().syncUninterruptibly();
    }

    /** Stops listening and ends all connections in order, as a service that is being restarted. */
    public void stop() {
        if (listening != null) {
            listening.close().syncUninterruptibly();
        }
        dropConnections();
    }

    /** Stops listening and resets all connections, as a machine that was switched off and on. */
    public void kill() {
        for (Channel channel : connected) {
            channel.eventLoop().submit(() -> Ending.byReset(channel)).syncUninterruptibly();
        }
        stop();
    }

    /** Throws what an answerer threw. */
    @Override
    public void close() {
        stop();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        if (!failures.isEmpty()) {
            throw new AssertionError("the script failed", failures.get(0));
        }
    }

    private static SslContext context(Pki pki, ServerTls tls) {
        try (InputStream chain = Files.newInputStream(pki.file(tls.certificate()));
                InputStream key = Files.newInputStream(pki.file(tls.key()));
                InputStream authority = Files.newInputStream(pki.file("ca.crt"))) {
            return SslContextBuilder.forServer(chain, key)
                    .sslProvider(SslProvider.JDK)
                    .trustManager(authority)
                    .clientAuth(
                            switch (tls.clients()) {
                                case NEEDED -> ClientAuth.REQUIRE;
                                case MISSED_AT_THE_FIRST_REQUEST -> ClientAuth.OPTIONAL;
                                case NOT_ASKED -> ClientAuth.NONE;
                            })
                    .protocols(tls.protocols().toArray(String[]::new))
                    .ciphers(tls.ciphers().isEmpty() ? null : tls.ciphers())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
