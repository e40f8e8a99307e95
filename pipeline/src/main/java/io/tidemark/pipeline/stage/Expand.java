package io.tidemark.pipeline.stage;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * An object's content -> the file, with the facts learned on the way: Zstandard frames, one facts frame, the footer, and nothing else
 * (FORMAT.md, section 3). Strict, and limited before memory is taken: a frame says its size in front, and what would go over the limit is
 * refused unread. Ends with {@link IntegrityFailed} at the first byte that is not as it should be. Whether the file is the one
 * that the facts describe is the caller's to compare.
 *
 * <p>Holds at most 64 KiB of input, a window (8 MiB at most, about 1 MiB where {@link Compress} wrote) and one output buffer.
 * Output: given, heap, at most 64 KiB each, in order. Runs on the CPU scheduler. For one subscription.
 */
public final class Expand {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_WINDOW_LOG = 23;

    private final String where;
    private final long limitBytes;
    private final Scheduler cpu;
    private final Sinks.One<String> facts = Sinks.one();

    /**
     * @param where the object, for messages
     * @param limitBytes the most that the file may have
     */
    public Expand(String where, long limitBytes, Scheduler cpu) {
        this.where = where;
        this.limitBytes = limitBytes;
        this.cpu = cpu;
    }

    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.on(cpu, source, Expanding::new);
    }

    /** The facts' JSON; completes just before the flux does, empty where the flux did not complete. */
    public Mono<String> facts() {
        return facts.asMono();
    }

    ByteMachine machine() {
        return new Expanding();
    }

    private enum State {
        FRAME,
        FRAME_BODY,
        FACTS,
        FOOTER,
        END
    }

    private final class Expanding implements ByteMachine {
        private final ByteBuffer held = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private final ZstdDecompressCtx context = new ZstdDecompressCtx();
        private State state = State.FRAME;
        private long expandedBytes;
        private long frameBytesLeft;
        private ByteBuffer json = ByteBuffer.allocate(0);
        private @Nullable ByteBuf input;
        private boolean ended;

        Expanding() {
            context.setLongMax(MAX_WINDOW_LOG);
            held.limit(0);
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
                refill();
                int before = held.position();
                State stateBefore = state;
                ByteBuf out = step();
                if (out != null) {
                    return out;
                }
                if (held.position() == before && state == stateBefore) {
                    // nothing could be done with what is there
                    if (input != null) {
                        continue;
                    }
                    if (ended) {
                        finish();
                    }
                    return null;
                }
            }
        }

        /** Moves input into the held bytes, which are unread from position to limit. */
        private void refill() {
            ByteBuf from = input;
            if (from == null) {
                return;
            }
            held.compact();
            int limit = held.limit();
            held.limit(held.position() + Math.min(held.remaining(), from.readableBytes()));
            from.readBytes(held);
            held.limit(limit).flip();
            if (!from.isReadable()) {
                input = null;
                from.release();
            }
        }

        private @Nullable ByteBuf step() {
            return switch (state) {
                case FRAME -> beginFrame();
                case FRAME_BODY -> expand();
                case FACTS -> readFacts();
                case FOOTER -> readFooter();
                case END -> refuseTrailing();
            };
        }

        private @Nullable ByteBuf beginFrame() {
            if (held.remaining() < 5) {
                return null;
            }
            int magic = held.getInt(held.position());
            if (magic == FactsFrame.FACTS_MAGIC) {
                if (held.remaining() >= FactsFrame.HEADER_BYTES) {
                    json = ByteBuffer.allocate(
                            FactsFrame.checkedLength(held.getInt(held.position() + Integer.BYTES), where));
                    held.position(held.position() + FactsFrame.HEADER_BYTES);
                    state = State.FACTS;
                }
                return null;
            }
            if (magic != ZstdFrameHeader.MAGIC) {
                throw new IntegrityFailed(where + " has no Zstandard frame and no facts after " + expandedBytes
                        + " bytes, found 0x" + Integer.toHexString(magic));
            }
            if (held.remaining() < ZstdFrameHeader.lengthOf(held)) {
                return null;
            }
            frameBytesLeft = ZstdFrameHeader.read(held, where).contentBytes();
            if (frameBytesLeft > limitBytes - expandedBytes) {
                throw new IntegrityFailed(where + " claims at least " + (expandedBytes + frameBytesLeft)
                        + " bytes, allowed are " + limitBytes);
            }
            state = State.FRAME_BODY;
            return null;
        }

        private @Nullable ByteBuf expand() {
            ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(BUFFER_BYTES, BUFFER_BYTES);
            int produced;
            try {
                ByteBuffer plain = out.nioBuffer(0, BUFFER_BYTES);
                if (context.decompressByteBufferStream(plain, held)) {
                    state = State.FRAME;
                }
                produced = plain.position();
                frameBytesLeft -= produced;
                if (frameBytesLeft < 0 || (state == State.FRAME && frameBytesLeft != 0)) {
                    throw new IntegrityFailed(where + " has a Zstandard frame of another size than it claims");
                }
            } catch (ZstdException e) {
                out.release();
                throw new IntegrityFailed(
                        where + " does not expand after " + expandedBytes + " bytes: " + e.getMessage(), e);
            } catch (RuntimeException e) {
                out.release();
                throw e;
            }
            expandedBytes += produced;
            if (produced == 0) {
                out.release();
                return null;
            }
            return out.writerIndex(produced);
        }

        private @Nullable ByteBuf readFacts() {
            int limit = held.limit();
            held.limit(held.position() + Math.min(held.remaining(), json.remaining()));
            json.put(held);
            held.limit(limit);
            if (!json.hasRemaining()) {
                state = State.FOOTER;
            }
            return null;
        }

        private @Nullable ByteBuf readFooter() {
            if (held.remaining() < FactsFrame.FOOTER_BYTES) {
                return null;
            }
            ByteBuffer footer = held.slice(held.position(), FactsFrame.FOOTER_BYTES);
            if (FactsFrame.jsonLength(footer, where) != json.capacity()) {
                throw new IntegrityFailed(where + " has a footer that does not fit its facts");
            }
            held.position(held.position() + FactsFrame.FOOTER_BYTES);
            state = State.END;
            return null;
        }

        private @Nullable ByteBuf refuseTrailing() {
            if (held.hasRemaining()) {
                throw new IntegrityFailed(where + " goes on behind its footer");
            }
            return null;
        }

        private void finish() {
            if (state != State.END) {
                throw new IntegrityFailed(where + " ends after " + expandedBytes + " bytes without facts and footer ("
                        + state + ", " + held.remaining() + " bytes left)");
            }
            String text;
            try {
                text = StandardCharsets.UTF_8.newDecoder().decode(json.flip()).toString();
            } catch (CharacterCodingException e) {
                throw new IntegrityFailed(where + " has facts that are no UTF-8", e);
            }
            Sinks.EmitResult told = facts.tryEmitValue(text);
            assert told != Sinks.EmitResult.FAIL_NON_SERIALIZED;
        }

        @Override
        public void close() {
            context.close();
            ByteBuf unread = input;
            input = null;
            if (unread != null) {
                unread.release();
            }
            Sinks.EmitResult ignored = facts.tryEmitEmpty();
            assert ignored != Sinks.EmitResult.FAIL_NON_SERIALIZED;
        }
    }
}
