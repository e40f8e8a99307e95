package io.tidemark.pipeline.backup;

import com.github.luben.zstd.Zstd;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Room for one chunk, plain and compressed, used again and again: arrays of this size are dear to make anew. Belongs to
 * one chunk at a time, from reading until it lies in a pack.
 */
final class ChunkSlot {
    static final int BYTES = 2 * ChunkReference.MAX_CHUNK_BYTES + (16 << 10);

    final byte[] plain = new byte[ChunkReference.MAX_CHUNK_BYTES];
    final byte[] packed = new byte[(int) Zstd.compressBound(ChunkReference.MAX_CHUNK_BYTES)];

    /** A free one, or a new one. */
    static ChunkSlot from(ConcurrentLinkedQueue<ChunkSlot> free) {
        ChunkSlot slot = free.poll();
        return slot == null ? new ChunkSlot() : slot;
    }
}
