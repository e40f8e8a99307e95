package io.tidemark.sinks;

import java.time.Duration;

/**
 * What a store can do, so that callers size their work by it instead of asking which store it is.
 *
 * @param durability what a finished put has survived
 * @param concurrency how many operations at once still pay off, at least 1
 * @param largestObjectBytes the longest object that a put can make
 * @param retention how long the store locks an object against deletion from its put; zero where it does not lock
 */
public record StoreCapabilities(Durability durability, int concurrency, long largestObjectBytes, Duration retention) {

    public StoreCapabilities {
        if (concurrency < 1 || largestObjectBytes < 1 || retention.isNegative()) {
            throw new IllegalArgumentException("no capabilities: concurrency " + concurrency + ", largest object "
                    + largestObjectBytes + ", retention " + retention);
        }
    }

    /** Of a store that does not lock. */
    public StoreCapabilities(Durability durability, int concurrency, long largestObjectBytes) {
        this(durability, concurrency, largestObjectBytes, Duration.ZERO);
    }

    /** What a finished put has survived. */
    public enum Durability {
        /** The end of this process only: tests. */
        PROCESS,
        /** Loss of power on this host: file and directories are synchronised. */
        FSYNC,
        /** Whatever the service behind the network promises. */
        SERVICE
    }
}
