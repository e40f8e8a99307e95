package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets bytes through and learns their SHA-256 and size, on the thread that brings them. For one subscription.
 */
public final class DigestStage {
    private final Sinks.One<ContentDigest> digest = Sinks.one();

    /** The same buffers, given, in order. */
    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.inline(source, Digesting::new);
    }

    /** Completes with the flux, before it tells its own completion; empty where the flux did not complete. */
    public Mono<ContentDigest> digest() {
        return digest.asMono();
    }

    ByteMachine machine() {
        return new Digesting();
    }

    private final class Digesting implements ByteMachine {
        private final MessageDigest sha256 = newSha256();
        private long sizeBytes;
        private @Nullable ByteBuf passing;

        @Override
        public void offer(ByteBuf input) {
            passing = input;
            sizeBytes += input.readableBytes();
            sha256.update(input.nioBuffer());
        }

        @Override
        public void end() {
            ContentDigest found = new ContentDigest(HexFormat.of().formatHex(sha256.digest()), sizeBytes);
            digest.tryEmitValue(found).orThrow();
        }

        @Override
        public @Nullable ByteBuf poll() {
            ByteBuf next = passing;
            passing = null;
            return next;
        }

        @Override
        public void close() {
            ByteBuf unsent = poll();
            if (unsent != null) {
                unsent.release();
            }
            // not told where the flux already ended: whoever waits must not wait for ever
            Sinks.EmitResult ignored = digest.tryEmitEmpty();
            assert ignored != Sinks.EmitResult.FAIL_NON_SERIALIZED;
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
