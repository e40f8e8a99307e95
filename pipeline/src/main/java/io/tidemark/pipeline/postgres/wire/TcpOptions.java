package io.tidemark.pipeline.postgres.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.tidemark.pipeline.postgres.conninfo.KeepAlive;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a TCP socket is told, by what drives it. */
final class TcpOptions {
    private TcpOptions() {}

    static void set(Bootstrap bootstrap, EventLoops.Transport transport, KeepAlive keepAlive) {
        bootstrap.option(ChannelOption.TCP_NODELAY, true);
        bootstrap.option(ChannelOption.SO_KEEPALIVE, keepAlive.probes() == KeepAlive.Probes.ON);
        // Elsewhere the constants are no part of the platform: what is left are the system's own values.
        if (keepAlive.probes() == KeepAlive.Probes.ON && transport == EventLoops.Transport.EPOLL) {
            set(bootstrap, EpollChannelOption.TCP_KEEPIDLE, seconds(keepAlive.idle()));
            set(bootstrap, EpollChannelOption.TCP_KEEPINTVL, seconds(keepAlive.interval()));
            set(bootstrap, EpollChannelOption.TCP_KEEPCNT, keepAlive.count());
            set(bootstrap, EpollChannelOption.TCP_USER_TIMEOUT, millis(keepAlive.userTimeout()));
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
