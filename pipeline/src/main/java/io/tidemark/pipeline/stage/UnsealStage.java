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
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A whole sealed object -> its content. No byte leaves before its segment's tag is checked, and the end must be sealed as the end.
 * The keys are tried in their order on segment 0. FORMAT.md, section 2.
 *
 * <p>Ends with {@link ForeignObject} where segment 0 opens under none of the keys (nothing has been emitted then, so the
 * caller may ask again with more keys), with {@link IntegrityFailed} where a later segment does not open: cut, changed,
 * swapped, appended to. Holds one sealed segment. Output: given, heap, one buffer a segment, in order. Runs on the CPU
 * scheduler. For any number of subscriptions.
 */
public final class UnsealStage {
    private final List<SealingKey> keys;
    private final SealContext context;
    private final Scheduler cpu;

    /** @param keys newest first */
    public UnsealStage(List<SealingKey> keys, SealContext context, Scheduler cpu) {
        this.keys = List.copyOf(keys);
        this.context = context;
        this.cpu = cpu;
    }

    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.on(cpu, source, Unsealing::new);
    }

    ByteMachine machine() {
        return new Unsealing();
    }

    private final class Unsealing implements ByteMachine {
        private final ByteBuffer sealed = ByteBuffer.allocate(SealGeometry.SEGMENT_BYTES);
        private @Nullable ByteBuf input;
        private @Nullable SealHeader header;
        private @Nullable Unsealer unsealer;
        private long segment;
        private boolean ended;
        private boolean lastOpened;

        Unsealing() {
            sealed.limit(SealGeometry.HEADER_BYTES);
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
                    if (ended && !lastOpened) {
                        lastOpened = true;
                        ByteBuf out = open(SegmentPosition.LAST);
                        if (out.isReadable()) {
                            return out;
                        }
                        out.release();
                    }
                    return null;
                }
                if (!sealed.hasRemaining()) {
                    if (header != null) {
                        return open(SegmentPosition.MIDDLE);
                    }
                    readHeader();
                }
                int limit = sealed.limit();
                sealed.limit(sealed.position() + Math.min(sealed.remaining(), from.readableBytes()));
                from.readBytes(sealed);
                sealed.limit(limit);
            }
        }

        private void readHeader() {
            sealed.flip();
            try {
                header = SealHeader.parse(sealed);
            } catch (AuthenticationFailed e) {
                throw new ForeignObject(context.name() + " is no sealed object: " + e.getMessage(), e);
            }
            sealed.clear().limit(SealGeometry.sealedBytesOfSegment(0));
        }

        private ByteBuf open(SegmentPosition position) {
            if (header == null) {
                if (sealed.hasRemaining()) {
                    throw new ForeignObject(
                            context.name() + " is no sealed object: it has only " + sealed.position() + " bytes", null);
                }
                readHeader();
            }
            sealed.flip();
            if (sealed.remaining() < SealGeometry.TAG_BYTES) {
                throw segment == 0
                        ? new ForeignObject(
                                context.name() + " is no sealed object: it is cut in its first segment", null)
                        : new IntegrityFailed(context.name() + " is damaged: it is cut in sealed segment " + segment);
            }
            int length = sealed.remaining() - SealGeometry.TAG_BYTES;
            ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(Math.max(length, 1));
            try {
                ByteBuffer plain = out.nioBuffer(0, length);
                if (segment == 0) {
                    openFirst(position, plain);
                } else {
                    openNext(position, plain);
                }
            } catch (RuntimeException e) {
                out.release();
                throw e;
            }
            segment++;
            sealed.clear().limit(SealGeometry.sealedBytesOfSegment(segment));
            return out.writerIndex(length);
        }

        private void openFirst(SegmentPosition position, ByteBuffer plain) {
            SealHeader found = header;
            if (found == null) {
                throw new IllegalStateException("a segment before the header");
            }
            AuthenticationFailed last = null;
            for (SealingKey key : keys) {
                Unsealer candidate = new Unsealer(key, context, found);
                try {
                    candidate.open(0, position, sealed.duplicate(), plain.duplicate());
                    unsealer = candidate;
                    return;
                } catch (AuthenticationFailed e) {
                    last = e;
                }
            }
            throw new ForeignObject(
                    context.name() + " opens under none of the " + keys.size() + " keys of the keyset", last);
        }

        private void openNext(SegmentPosition position, ByteBuffer plain) {
            Unsealer opened = unsealer;
            if (opened == null) {
                throw new IllegalStateException("sealed segment " + segment + " before the first");
            }
            try {
                opened.open(segment, position, sealed, plain);
            } catch (AuthenticationFailed e) {
                throw new IntegrityFailed(
                        context.name() + " is damaged: sealed segment " + segment + " does not open as "
                                + (position == SegmentPosition.LAST ? "the last one" : "one in the middle"),
                        e);
            }
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
