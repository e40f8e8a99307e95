package io.tidemark.sinks.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What may block on a non-blocking thread after all, each with its reason. Everything else fails the test that did it. */
public final class BlockHoundRules implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // BlockHound knows java.io; our files go through channels.
        for (String method : new String[] {"read", "write"}) {
            builder.markAsBlocking("sun.nio.ch.FileChannelImpl", method, "(Ljava/nio/ByteBuffer;)I");
        }
        builder.markAsBlocking("sun.nio.ch.FileChannelImpl", "force", "(Z)V");
        // Reads /dev/urandom, which does not block once the system has booted; salts are drawn where objects are
        // sealed.
        builder.allowBlockingCallsInside("java.security.SecureRandom", "nextBytes")
                // A lock of Netty's, held for the few instructions that give a thread a chunk of its own.
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate")
                // Loads its native library on first use, from a file, once per process.
                .allowBlockingCallsInside("com.github.luben.zstd.util.Native", "load")
                // Netty's allocator of heap buffers: short locks, held for a few instructions.
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$AdaptiveByteBuf", "deallocate")
                // The provider list is read from files on first use, once per process.
                .allowBlockingCallsInside("java.security.Security", "getProviders")
                .allowBlockingCallsInside("sun.security.jca.ProviderList", "getService")
                // The SDK closes its pools on a thread of Netty's own that nobody else uses.
                .allowBlockingCallsInside("io.netty.channel.pool.SimpleChannelPool", "close");
    }
}
