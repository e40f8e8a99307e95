package io.tidemark.pipeline.catalog;

import io.netty.buffer.ByteBuf;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;

/** Reads objects that are not sealed and must be small, before a word of them is believed: the marker and generations. */
public final class SmallObject {
    private SmallObject() {}

    /**
     * The whole object, on the heap, for the caller to keep. No more than {@code maxBytes} and one of the store's buffers
     * is held; a longer object ends in {@link IntegrityFailed}. Other errors are the store's.
     */
    public static Mono<ByteBuffer> read(ObjectStore store, ObjectName name, int maxBytes) {
        return store.get(name)
                .map(SmallObject::copy)
                .collect(ByteArrayOutputStream::new, (all, bytes) -> {
                    if (all.size() + bytes.length > maxBytes) {
                        throw new IntegrityFailed(name + " in " + store.location() + " is longer than " + maxBytes
                                + " bytes, which nothing of its kind is");
                    }
                    all.writeBytes(bytes);
                })
                .map(all -> ByteBuffer.wrap(all.toByteArray()));
    }

    private static byte[] copy(ByteBuf given) {
        try {
            byte[] bytes = new byte[given.readableBytes()];
            given.readBytes(bytes);
            return bytes;
        } finally {
            given.release();
        }
    }
}
