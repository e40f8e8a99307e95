package io.tidemark.sinks;

/**
 * What a store can do, so that callers size their work by it instead of asking which store it is.
 *
 * @param durability what a finished put has survived
 * @param concurrency how many operations at once still pay off, at least 1
 * @param largestObjectBytes the longest object that a put can make
 */
public record StoreCapabilities(Durability durability, int concurrency, long largestObjectBytes) {

    public StoreCapabilities {
        if (concurrency < 1 || largestObjectBytes < 1) {
            throw new IllegalArgumentException(
                    "no capabilities: concurrency " + concurrency + ", largest object " + largestObjectBytes);
        }
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
