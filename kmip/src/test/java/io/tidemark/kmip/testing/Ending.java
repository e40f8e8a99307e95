package io.tidemark.kmip.testing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundInvoker;

/** Closes a channel without waiting for it, in order or not. */
final class Ending {
    private Ending() {}

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
    static void of(ChannelOutboundInvoker channel) {
        channel.close();
    }

    /** On its event loop, past its handlers, so that TLS says nothing. */
    static void byReset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.unsafe().close(channel.voidPromise());
    }
}
