package io.tidemark.crypto.tde.wal;

import java.util.Arrays;

/**
 * Two arrays that the keystreams of one {@link WalCipher} take turns with: counter blocks, and what they become. 16 KiB each: large enough for
 * AES to run at full speed, small enough to stay in the processor's first cache together with the data.
 */
final class KeystreamBlocks implements AutoCloseable {
    static final int BLOCK_BYTES = 16;
    static final int BLOCKS = 1024;

    final byte[] counters = new byte[BLOCKS * BLOCK_BYTES];
    final byte[] keystream = new byte[BLOCKS * BLOCK_BYTES];

    @Override
    public void close() {
        Arrays.fill(keystream, (byte) 0);
    }
}
