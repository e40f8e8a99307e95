package io.tidemark.pipeline.postgres.wire;

import io.netty.channel.ChannelOutboundInvoker;

/** Closes a channel without waiting for it: who wants to know asks the channel's closeFuture. */
final class Closing {
    private Closing() {}

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
    static void begin(ChannelOutboundInvoker channel) {
        channel.close();
    }
}
