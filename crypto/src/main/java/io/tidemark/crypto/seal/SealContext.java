package io.tidemark.crypto.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a sealed object is bound to: it opens only in its own cluster and under its own name.
 *
 * @param cluster the cluster's uuid, 36 lower-case characters
 * @param name the object's name relative to the cluster's root
 */
public record SealContext(String cluster, String name) {
    public SealContext {
        if (cluster.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a cluster's uuid holds no colon: '" + cluster + "'");
        }
    }

    /** {@code tidemark:1:<cluster>:<name>} in UTF-8; a fresh array. */
    byte[] associatedData() {
        return ("tidemark:1:" + cluster + ":" + name).getBytes(UTF_8);
    }
}
