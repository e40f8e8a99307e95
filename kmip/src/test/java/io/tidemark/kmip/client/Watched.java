package io.tidemark.kmip.client;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** Keeps a reference to every heap buffer that it hands out. */
final class Watched extends AbstractByteBufAllocator {
    private final ByteBufAllocator from;
    private final List<ByteBuf> all;

    Watched(ByteBufAllocator from, List<ByteBuf> all) {
        super(false);
        this.from = from;
        this.all = all;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        ByteBuf buffer = from.heapBuffer(initialCapacity, maxCapacity);
        all.add(buffer.retain());
        return buffer;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        throw new AssertionError("only heap buffers are asked for");
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
