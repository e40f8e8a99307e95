package io.tidemark.kmip.client;

import io.netty.channel.ChannelOutboundInvoker;

/** Closes a channel without waiting for it. */
final class Closing {
    private Closing() {}

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
    static void begin(ChannelOutboundInvoker channel) {
        channel.close();
    }
}
