package io.tidemark.kmip.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.TimedOut;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.Unreachable;
import io.tidemark.kmip.tls.KmipTls;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** Makes connections: looks the host up, on the scheduler, and tries its addresses one after the other. */
final class Dialer {
    private final KmipSettings settings;
    private final EventLoopGroup loops;
    private final Scheduler tasks;
    private final Ticker ticker;

    Dialer(KmipSettings settings, EventLoopGroup loops, Scheduler tasks) {
        this.settings = settings;
        this.loops = loops;
        this.tasks = tasks;
        this.ticker = loops.next().ticker();
    }

    /** A connection whose handshake has succeeded, and how long it took to come to that. */
    record Dialed(Connection connection, SslHandler handler, InetAddress address, Steps steps) {}

    /** In the order in which they happen. */
    record Steps(Duration resolve, Duration connect, Duration handshake) {}

    /** One address to try. */
    private record Target(KmipHost host, KmipTls tls, Connection.Owner owner, InetAddress address, Duration resolved) {
        Attempt attempt() {
            return Dialer.attempt(host);
        }
    }

    private static Attempt attempt(KmipHost host) {
        return new Attempt("connect", host.toString());
    }

    /** A connection, said on its event loop; closed if nobody wants it any more. */
    Mono<Dialed> dial(KmipHost host, KmipTls tls, Connection.Owner owner) {
        return Mono.defer(() -> {
            long begun = ticker.nanoTime();
            return Mono.fromCallable(() -> addresses(host)).subscribeOn(tasks).flatMap(addresses -> {
                Duration resolved = since(begun);
                List<Target> targets = addresses.stream()
                        .map(address -> new Target(host, tls, owner, address, resolved))
                        .toList();
                return among(targets, new ArrayList<>());
            });
        });
    }

    private Mono<Dialed> among(List<Target> targets, List<KmipException> failures) {
        Target first = targets.get(0);
        return at(first).onErrorResume(KmipException.class, failure -> {
            failures.add(failure);
            return targets.size() > 1
                    ? among(targets.subList(1, targets.size()), failures)
                    : Mono.error(all(first.attempt(), failures));
        });
    }

    /** What TLS says tells more than a port that is closed. */
    private static KmipException all(Attempt attempt, List<KmipException> failures) {
        KmipException last = failures.get(failures.size() - 1);
        if (failures.size() == 1) {
            return last;
        }
        return failures.stream()
                .filter(TlsRefused.class::isInstance)
                .findFirst()
                .orElseGet(() -> new Unreachable(
                        attempt,
                        "none of its " + failures.size() + " addresses answers: "
                                + failures.stream()
                                        .map(KmipException::found)
                                        .distinct()
                                        .collect(Collectors.joining("; ")),
                        last.hint(),
                        last));
    }

    private static List<InetAddress> addresses(KmipHost host) {
        try {
            return List.of(InetAddress.getAllByName(host.name()));
        } catch (UnknownHostException e) {
            throw new Unreachable(
                    attempt(host), "the host's name is not known", "see whether it is spelled as the DNS has it", e);
        }
    }

    private Mono<Dialed> at(Target target) {
        return Mono.<Dialed>create(sink -> {
                    Connection connection = new Connection(target.tls(), settings, target.owner());
                    SslHandler handler = target.tls()
                            .newHandler(
                                    ByteBufAllocator.DEFAULT,
                                    target.host().name(),
                                    target.host().port(),
                                    this::runTask);
                    long begun = ticker.nanoTime();
                    ChannelFuture connecting = bootstrap(handler, connection)
                            .connect(new InetSocketAddress(
                                    target.address(), target.host().port()));
                    MonoSink<Dialed> open = sink.onCancel(() -> Closing.begin(connecting.channel()));
                    connecting.addListener(done -> {
                        if (done.isSuccess()) {
                            Duration connected = since(begun);
                            shakeHands(target, connection, handler, connected, open);
                        } else {
                            open.error(unreachable(target, done.cause()));
                        }
                    });
                })
                .doOnDiscard(Dialed.class, nobodys -> nobodys.connection().close("nobody wants it any more"));
    }

    private void shakeHands(
            Target target, Connection connection, SslHandler handler, Duration connected, MonoSink<Dialed> sink) {
        long begun = ticker.nanoTime();
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                Steps steps = new Steps(target.resolved(), connected, since(begun));
                sink.success(new Dialed(connection, handler, target.address(), steps));
            } else {
                connection.close("the handshake failed");
                sink.error(target.tls().handshakeFailed(target.attempt(), done.cause()));
            }
        });
    }

    /** The order of the handlers: TLS, then what makes messages of bytes and answers of messages. */
    private Bootstrap bootstrap(SslHandler handler, Connection connection) {
        return new Bootstrap()
                .group(loops)
                .channel(isNio() ? NioSocketChannel.class : EpollSocketChannel.class)
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(settings.connectTimeout()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("tls", handler).addLast("answers", connection);
                    }
                });
    }

    private boolean isNio() {
        return !(loops instanceof IoEventLoopGroup typed) || typed.isIoType(NioIoHandler.class);
    }

    private static int millis(Duration time) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toMillis()));
    }

    private void runTask(Runnable task) {
        Disposable unused = tasks.schedule(task);
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(ticker.nanoTime() - nanos);
    }

    private KmipException unreachable(Target target, Throwable cause) {
        String where = target.address().getHostAddress();
        if (cause instanceof ConnectTimeoutException) {
            return new TimedOut(
                    target.attempt(),
                    "no connection to " + where + " within "
                            + settings.connectTimeout().toMillis() + " ms",
                    "see whether the server is up, and whether a firewall between drops what is sent to it");
        }
        return new Unreachable(
                target.attempt(),
                "no connection to " + where + ": " + reason(cause),
                "see whether the server runs and listens on this port",
                cause);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        return cause instanceof NoRouteToHostException
                ? "no route to host"
                : KmipException.quoted(Objects.requireNonNullElse(cause.getMessage(), cause.toString()));
    }
}
