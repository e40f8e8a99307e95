package io.tidemark.pipeline.postgres.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidemark.pipeline.config.UsageError;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** Netty's threads for connections, to PostgreSQL and to key servers: epoll where there is a native library for it, else NIO. */
public final class EventLoops {
    private static final int LINGER_SECONDS = 5;

    private final Transport transport;
    private final EventLoopGroup group;

    /** How sockets are driven. */
    enum Transport {
        EPOLL,
        NIO
    }

    private EventLoops(Transport transport, EventLoopGroup group) {
        this.transport = transport;
        this.group = group;
    }

    /** Starts no thread yet. Blocks for the loading of a native library, once per process. */
    public static EventLoops open(int threads) {
        return open(threads, Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO);
    }

    static EventLoops open(int threads, Transport transport) {
        IoHandlerFactory factory = switch (transport) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
        return new EventLoops(
                transport,
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("connections", /* daemon= */ true), factory));
    }

    Transport transport() {
        return transport;
    }

    /** A TCP connection to be made on these threads; addresses are resolved by who connects, for that blocks. */
    public Bootstrap connecting() {
        return tcp().group(group);
    }

    /** Lent: who gets it does not end it. */
    public EventLoopGroup group() {
        return group;
    }

    EventLoop next() {
        return group.next();
    }

    Bootstrap tcp() {
        return new Bootstrap()
                .channel(
                        switch (transport) {
                            case EPOLL -> EpollSocketChannel.class;
                            case NIO -> NioSocketChannel.class;
                        })
                .disableResolver();
    }

    Bootstrap unix() {
        return new Bootstrap()
                .channel(
                        switch (transport) {
                            case EPOLL -> EpollDomainSocketChannel.class;
                            case NIO -> NioDomainSocketChannel.class;
                        })
                .disableResolver();
    }

    /** @param path of a file, or {@code @…} for a name in Linux' abstract space, which Java's own sockets do not know */
    SocketAddress unixAddress(String path) {
        return switch (transport) {
            case EPOLL -> new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path);
            case NIO -> {
                if (path.startsWith("@")) {
                    throw new UsageError("abstract socket " + path + ": without Netty's native library there are none");
                }
                yield UnixDomainSocketAddress.of(path);
            }
        };
    }

    /** Ends the threads; what is under way has {@value #LINGER_SECONDS} seconds to end. */
    public Mono<Void> close() {
        return Mono.create(sink ->
                group.shutdownGracefully(0, LINGER_SECONDS, TimeUnit.SECONDS).addListener(ended -> sink.success()));
    }
}
