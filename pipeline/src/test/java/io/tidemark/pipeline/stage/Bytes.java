package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bytes as fluxes of buffers, cut as a test wants them, and back. */
public final class Bytes {
    private Bytes() {}

    /** Compressible, but not too much; the same for the same seed. */
    public static byte[] random(int length, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i + 64 < length; i += 128) {
            System.arraycopy(bytes, i, bytes, i + 64, Math.min(64, length - i - 64));
        }
        return bytes;
    }

    /** Buffers of the given length, the last shorter; made on demand. */
    public static Flux<ByteBuf> cut(byte[] bytes, int each) {
        return Flux.generate(() -> 0, (at, sink) -> {
            if (at >= bytes.length) {
                sink.complete();
                return at;
            }
            int length = Math.min(each, bytes.length - at);
            sink.next(buffer(bytes, at, length));
            return at + length;
        });
    }

    /** Buffers of random lengths, empty ones too. */
    public static Flux<ByteBuf> cutAtRandom(byte[] bytes, long seed) {
        return Flux.defer(() -> {
            Random random = new Random(seed);
            List<Integer> lengths = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, random.nextInt(random.nextBoolean() ? 10 : 100_000));
                lengths.add(length);
                at += length;
            }
            int[] at = {0};
            return Flux.fromIterable(lengths).map(length -> {
                at[0] += length;
                return buffer(bytes, at[0] - length, length);
            });
        });
    }

    private static ByteBuf buffer(byte[] bytes, int from, int length) {
        return ByteBufAllocator.DEFAULT.heapBuffer(Math.max(1, length)).writeBytes(bytes, from, length);
    }

    /** All of it, released. */
    public static Mono<byte[]> joined(Flux<ByteBuf> flux) {
        return flux.reduceWith(ByteArrayOutputStream::new, (all, buffer) -> {
                    byte[] part = new byte[buffer.readableBytes()];
                    buffer.readBytes(part);
                    buffer.release();
                    all.writeBytes(part);
                    return all;
                })
                .map(ByteArrayOutputStream::toByteArray);
    }
}
