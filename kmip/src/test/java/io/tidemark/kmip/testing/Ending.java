package io.tidemark.kmip.testing;

import io.netty.channel.ChannelOutboundInvoker;

/** Closes a channel without waiting for it. */
final class Ending {
    private Ending() {}

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
    static void of(ChannelOutboundInvoker channel) {
        channel.close();
    }
}
