package io.tidemark.sinks.s3;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/** Some bytes of an object, kept until the store has them: what is sent again is the same. One thread at a time. */
final class Part {
    private final PartMemory memory;
    private final int capacity;
    private final List<byte[]> pages = new ArrayList<>();
    private final CRC32C crc = new CRC32C();
    private int size;
    private boolean released;

    /** Of {@link PartMemory} only. */
    Part(PartMemory memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
    }

    /** Copies as many bytes as fit and moves the reader index behind them; the buffer stays the caller's. */
    void append(ByteBuf buffer) {
        while (buffer.isReadable() && size < capacity) {
            int at = size % PartMemory.PAGE_BYTES;
            if (at == 0) {
                pages.add(memory.page());
            }
            byte[] page = pages.get(pages.size() - 1);
            int length = Math.min(Math.min(buffer.readableBytes(), PartMemory.PAGE_BYTES - at), capacity - size);
            buffer.readBytes(page, at, length);
            crc.update(page, at, length);
            size += length;
        }
    }

    boolean isFull() {
        return size == capacity;
    }

    int size() {
        return size;
    }

    /** CRC-32C as S3 wants it: big-endian, in base64. */
    String checksum() {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** The bytes, as often as the client asks; good until {@link #release}. */
    AsyncRequestBody body() {
        ByteBuffer[] all = new ByteBuffer[pages.size()];
        for (int i = 0; i < all.length; i++) {
            int length = Math.min(PartMemory.PAGE_BYTES, size - i * PartMemory.PAGE_BYTES);
            all[i] = ByteBuffer.wrap(pages.get(i), 0, length).asReadOnlyBuffer();
        }
        return all.length == 0 ? AsyncRequestBody.empty() : AsyncRequestBody.fromRemainingByteBuffersUnsafe(all);
    }

    /** Gives the memory back when the store has answered; a second time does nothing. */
    void release() {
        giveBack(pages);
    }

    /** The same where a request may still be reading the pages: they are left to it, and not used again. */
    void abandon() {
        giveBack(List.of());
    }

    private void giveBack(List<byte[]> reusable) {
        if (!released) {
            released = true;
            memory.giveBack(capacity, reusable);
        }
    }
}
