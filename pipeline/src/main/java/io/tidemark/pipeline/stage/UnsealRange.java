package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.seal.SealContext;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.crypto.seal.SegmentPosition;
import io.tidemark.crypto.seal.Unsealer;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A run of whole sealed segments -> a range of the content. The object's length is known from elsewhere (a manifest, or a reader that then
 * sees the last segment open as the last), so a cut shows. FORMAT.md, section 2, random access.
 *
 * <p>Ends with {@link ForeignObject} where the first segment opens under none of the keys, before anything is emitted;
 * otherwise with {@link IntegrityFailed}. Output: given, heap, in order. Runs on the CPU scheduler.
 */
public final class UnsealRange {
    private final List<SealingKey> keys;
    private final SealContext context;
    private final SealHeader header;
    private final ByteRange plain;
    private final long lastSegmentOfObject;
    private final Scheduler cpu;

    /**
     * @param keys newest first
     * @param plain bytes of the content; not empty, not beyond its end
     * @param sealedLength of the object
     */
    public UnsealRange(
            List<SealingKey> keys,
            SealContext context,
            SealHeader header,
            ByteRange plain,
            long sealedLength,
            Scheduler cpu) {
        this.keys = List.copyOf(keys);
        this.context = context;
        this.header = header;
        this.plain = plain;
        this.lastSegmentOfObject = SealGeometry.segmentsOfSealed(sealedLength) - 1;
        this.cpu = cpu;
    }

    /**
     * The bytes of the object that hold the range.
     *
     * @param plain not empty, not beyond the content's end
     */
    public static ByteRange sealedRange(ByteRange plain, long sealedLength) {
        long from = SealGeometry.sealedOffsetOfSegment(SealGeometry.segmentOf(plain.offset()));
        long to = SealGeometry.sealedOffsetOfSegment(SealGeometry.segmentOf(plain.end() - 1) + 1);
        return ByteRange.of(from, Math.min(to, sealedLength) - from);
    }

    /** @param source exactly the bytes of {@link #sealedRange} */
    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.on(cpu, source, Unsealing::new);
    }

    private final class Unsealing implements ByteMachine {
        private final ByteBuffer sealed = ByteBuffer.allocate(SealGeometry.SEGMENT_BYTES);
        private long segment = SealGeometry.segmentOf(plain.offset());
        private @Nullable ByteBuf input;
        private @Nullable Unsealer unsealer;
        private boolean ended;

        Unsealing() {
            sealed.limit(SealGeometry.sealedBytesOfSegment(segment));
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
                if (!sealed.hasRemaining() || (ended && sealed.position() > 0)) {
                    return open();
                }
                ByteBuf from = input;
                if (from == null) {
                    if (ended && segment <= SealGeometry.segmentOf(plain.end() - 1)) {
                        throw new IntegrityFailed(context.name() + " is cut before sealed segment " + segment);
                    }
                    return null;
                }
                int limit = sealed.limit();
                sealed.limit(sealed.position() + Math.min(sealed.remaining(), from.readableBytes()));
                from.readBytes(sealed);
                sealed.limit(limit);
                if (!from.isReadable()) {
                    input = null;
                    from.release();
                }
            }
        }

        private ByteBuf open() {
            sealed.flip();
            int length = sealed.remaining() - SealGeometry.TAG_BYTES;
            if (length < 0) {
                throw new IntegrityFailed(context.name() + " is cut in sealed segment " + segment);
            }
            ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(Math.max(length, 1));
            try {
                open(out.nioBuffer(0, length));
                out.writerIndex(length);
                trim(out);
            } catch (RuntimeException e) {
                out.release();
                throw e;
            }
            segment++;
            sealed.clear().limit(SealGeometry.sealedBytesOfSegment(segment));
            return out;
        }

        private void trim(ByteBuf out) {
            long at = SealGeometry.plainOffsetOfSegment(segment);
            if (out.readableBytes() < Math.min(plain.end() - at, out.capacity())) {
                throw new IntegrityFailed(context.name() + " is shorter than its length says");
            }
            out.writerIndex((int) Math.min(out.writerIndex(), plain.end() - at));
            out.readerIndex((int) Math.max(0, plain.offset() - at));
        }

        private void open(ByteBuffer to) {
            SegmentPosition position = segment == lastSegmentOfObject ? SegmentPosition.LAST : SegmentPosition.MIDDLE;
            Unsealer known = unsealer;
            if (known != null) {
                try {
                    known.open(segment, position, sealed, to);
                    return;
                } catch (AuthenticationFailed e) {
                    throw new IntegrityFailed(
                            context.name() + " is damaged: sealed segment " + segment + " does not open", e);
                }
            }
            AuthenticationFailed last = null;
            for (SealingKey key : keys) {
                Unsealer candidate = new Unsealer(key, context, header);
                try {
                    candidate.open(segment, position, sealed.duplicate(), to.duplicate());
                    unsealer = candidate;
                    return;
                } catch (AuthenticationFailed e) {
                    last = e;
                }
            }
            throw new ForeignObject(
                    context.name() + ": sealed segment " + segment + " opens under none of the " + keys.size()
                            + " keys of the keyset",
                    last);
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
