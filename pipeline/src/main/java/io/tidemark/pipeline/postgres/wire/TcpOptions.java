package io.tidemark.pipeline.postgres.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.tidemark.pipeline.postgres.conninfo.KeepAlive;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** What a TCP socket is told, by what drives it. */
final class TcpOptions {
    private TcpOptions() {}

    static void set(Bootstrap bootstrap, EventLoops.Transport transport, KeepAlive keepAlive) {
        bootstrap.option(ChannelOption.TCP_NODELAY, true);
        bootstrap.option(ChannelOption.SO_KEEPALIVE, keepAlive.probes() == KeepAlive.Probes.ON);
        if (keepAlive.probes() == KeepAlive.Probes.OFF) {
            return;
        }
        switch (transport) {
            case EPOLL -> {
                set(bootstrap, EpollChannelOption.TCP_KEEPIDLE, seconds(keepAlive.idle()));
                set(bootstrap, EpollChannelOption.TCP_KEEPINTVL, seconds(keepAlive.interval()));
                set(bootstrap, EpollChannelOption.TCP_KEEPCNT, keepAlive.count());
                set(bootstrap, EpollChannelOption.TCP_USER_TIMEOUT, millis(keepAlive.userTimeout()));
            }
            case NIO -> {
                set(bootstrap, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), seconds(keepAlive.idle()));
                set(
                        bootstrap,
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                        seconds(keepAlive.interval()));
                set(bootstrap, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), keepAlive.count());
            }
        }
    }

    private static void set(Bootstrap bootstrap, ChannelOption<Integer> option, @Nullable Integer value) {
        if (value != null && value > 0) {
            bootstrap.option(option, value);
        }
    }

    private static @Nullable Integer seconds(@Nullable Duration time) {
        return time == null ? null : Math.toIntExact(time.toSeconds());
    }

    private static @Nullable Integer millis(@Nullable Duration time) {
        return time == null ? null : Math.toIntExact(time.toMillis());
    }
}
