package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.crypto.seal.Sealer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Content -> sealed object: header ‖ segment 0 ‖ segment 1 ‖ … (FORMAT.md, section 2). For one subscription, because salt and nonce are
 * never used twice; {@link #header} tells this attempt from all others.
 *
 * <p>Holds one plain segment, since the last one is sealed differently and only the source's end tells which it is. Output:
 * given, heap, one buffer a sealed segment, in order. Runs on the CPU scheduler.
 */
public final class SealStage {
    private final Sealer sealer;
    private final Scheduler cpu;

    public SealStage(Sealer sealer, Scheduler cpu) {
        this.sealer = sealer;
        this.cpu = cpu;
    }

    /** The attempt's identity: the object's first 40 bytes. */
    public SealHeader header() {
        return sealer.header();
    }

    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.on(cpu, source, () -> new Sealing(sealer));
    }

    private static final class Sealing implements ByteMachine {
        private final Sealer sealer;
        private final ByteBuffer plain = ByteBuffer.allocate(SealGeometry.PLAINTEXT);
        private @Nullable ByteBuf input;
        private boolean begun;
        private boolean ended;
        private boolean lastSealed;

        Sealing(Sealer sealer) {
            this.sealer = sealer;
            plain.limit(sealer.nextPlaintextLength());
        }

        @Override
        public void offer(ByteBuf next) {
            input = next;
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public @Nullable ByteBuf poll() {
            while (true) {
                ByteBuf from = input;
                if (from != null && !from.isReadable()) {
                    input = null;
                    from.release();
                    from = null;
                }
                if (from == null) {
                    if (ended && !lastSealed) {
                        lastSealed = true;
                        return sealSegment();
                    }
                    return null;
                }
                if (!plain.hasRemaining()) {
                    return sealSegment();
                }
                int limit = plain.limit();
                plain.limit(plain.position() + Math.min(plain.remaining(), from.readableBytes()));
                from.readBytes(plain);
                plain.limit(limit);
            }
        }

        private ByteBuf sealSegment() {
            plain.flip();
            ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(SealGeometry.SEGMENT_BYTES, SealGeometry.SEGMENT_BYTES);
            if (!begun) {
                begun = true;
                out.writeBytes(sealer.header().bytes());
            }
            int length = plain.remaining() + SealGeometry.TAG_BYTES;
            ByteBuffer sealed = out.nioBuffer(out.writerIndex(), length);
            if (lastSealed) {
                sealer.sealLast(plain, sealed);
            } else {
                sealer.seal(plain, sealed);
                plain.clear().limit(sealer.nextPlaintextLength());
            }
            return out.writerIndex(out.writerIndex() + length);
        }

        @Override
        public void close() {
            ByteBuf unread = input;
            input = null;
            if (unread != null) {
                unread.release();
            }
        }
    }
}
