package io.tidemark.pipeline.backup;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * The bytes of one pack while it is made and put: buffers of 1 MiB outside the heap, which go back at once when it is
 * released. For one thread until it is read, then for any number.
 */
final class PackBuffer {
    private static final int SLAB_BYTES = 1 << 20;

    private final ByteBufAllocator allocator;
    private final List<ByteBuf> slabs = new ArrayList<>();
    private long length;

    PackBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    void append(byte[] bytes, int count) {
        int from = 0;
        while (from < count) {
            ByteBuf slab = slabWithRoom();
            int part = Math.min(count - from, slab.writableBytes());
            slab.writeBytes(bytes, from, part);
            from += part;
        }
        length += count;
    }

    /** In bytes. */
    long length() {
        return length;
    }

    /** All bytes, each time from the start; buffers given. Cold, any number of subscribers; not after the release. */
    Flux<ByteBuf> bytes() {
        return Flux.fromIterable(slabs).map(ByteBuf::retainedDuplicate);
    }

    void release() {
        slabs.forEach(ByteBuf::release);
        slabs.clear();
    }

    private ByteBuf slabWithRoom() {
        ByteBuf last = slabs.isEmpty() ? null : slabs.get(slabs.size() - 1);
        if (last != null && last.isWritable()) {
            return last;
        }
        ByteBuf fresh = allocator.directBuffer(SLAB_BYTES, SLAB_BYTES);
        slabs.add(fresh);
        return fresh;
    }
}
