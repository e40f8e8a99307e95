package io.tidemark.sinks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.OptionalLong;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/**
 * The content of an object to be, which can be read again: that is the condition of a retry.
 *
 * <p>What is read anew need not be the same bytes: each subscription to a sealed body seals with a fresh salt and
 * nonce. It must be the same content.
 */
public interface ObjectBody {

    /**
     * The bytes. Elements are given (the receiver releases), in order, of any size above 0. Cold: each subscription
     * reads from the start, and several may run at once. Nothing is read without demand. Completes at the end of the
     * content, fails with whatever the source says; cancel frees what the source holds.
     */
    Flux<ByteBuf> bytes();

    /** The length in bytes where it is known before reading; a compressed body never knows it. */
    OptionalLong sizeBytes();

    /** A body of bytes in memory, copied. */
    static ObjectBody of(byte[] content) {
        byte[] copy = content.clone();
        return new ObjectBody() {
            @Override
            public Flux<ByteBuf> bytes() {
                return copy.length == 0 ? Flux.empty() : Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(copy)));
            }

            @Override
            public OptionalLong sizeBytes() {
                return OptionalLong.of(copy.length);
            }
        };
    }

    /** A body of unknown length: {@code source} is asked once a subscription. */
    static ObjectBody of(Supplier<? extends Flux<ByteBuf>> source) {
        return new ObjectBody() {
            @Override
            public Flux<ByteBuf> bytes() {
                return Flux.defer(source);
            }

            @Override
            public OptionalLong sizeBytes() {
                return OptionalLong.empty();
            }
        };
    }

    /** A body of known length: {@code source} is asked once a subscription; another length fails the put. */
    static ObjectBody of(Supplier<? extends Flux<ByteBuf>> source, long sizeBytes) {
        return new ObjectBody() {
            @Override
            public Flux<ByteBuf> bytes() {
                return Flux.defer(source);
            }

            @Override
            public OptionalLong sizeBytes() {
                return OptionalLong.of(sizeBytes);
            }
        };
    }
}
