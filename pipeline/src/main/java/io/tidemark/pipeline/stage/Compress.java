package io.tidemark.pipeline.stage;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Plain bytes -> Zstandard frames, each of at most {@link #FRAME_BYTES} plain bytes, with content size and checksum: a frame's
 * size has to stand in front of it, so it is compressed when it is whole, and one a MiB costs a reader no more memory than
 * the writer. Empty input gives one empty frame. FORMAT.md, section 3.
 *
 * <p>Holds a frame's input and output, about 2 MiB. Output: given, heap, at most 64 KiB each, in order. Runs on the CPU
 * scheduler. For any number of subscriptions.
 */
public final class Compress {
    public static final int FRAME_BYTES = 1 << 20;
    static final int BUFFER_BYTES = 1 << 16;

    private final int level;
    private final Scheduler cpu;

    /** @param level Zstandard's, 1 to 19: with higher ones, readers of long input need windows over 8 MiB */
    public Compress(int level, Scheduler cpu) {
        if (level < 1 || level > 19) {
            throw new IllegalArgumentException("compression level " + level + ", expected 1 to 19");
        }
        this.level = level;
        this.cpu = cpu;
    }

    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.on(cpu, source, () -> new Compressing(level));
    }

    private static final class Compressing implements ByteMachine {
        private final byte[] plain = new byte[FRAME_BYTES];
        private final byte[] packed = new byte[(int) Zstd.compressBound(FRAME_BYTES)];
        private final ZstdCompressCtx context = new ZstdCompressCtx();
        private int plainBytes;
        private int packedFrom;
        private int packedTo;
        private boolean anyFrame;
        private boolean ended;
        private @Nullable ByteBuf input;

        Compressing(int level) {
            context.setLevel(level).setChecksum(true).setContentSize(true).setDictID(false);
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
                if (packedFrom < packedTo) {
                    int length = Math.min(BUFFER_BYTES, packedTo - packedFrom);
                    ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(length, length);
                    out.writeBytes(packed, packedFrom, length);
                    packedFrom += length;
                    return out;
                }
                if (plainBytes == FRAME_BYTES || (ended && (plainBytes > 0 || !anyFrame))) {
                    compressFrame();
                } else if (!take()) {
                    return null;
                }
            }
        }

        private void compressFrame() {
            packedFrom = 0;
            packedTo = context.compressByteArray(packed, 0, packed.length, plain, 0, plainBytes);
            plainBytes = 0;
            anyFrame = true;
        }

        /** Moves input into the frame; false when there is none. */
        private boolean take() {
            ByteBuf from = input;
            if (from == null) {
                return false;
            }
            int length = Math.min(from.readableBytes(), FRAME_BYTES - plainBytes);
            from.readBytes(plain, plainBytes, length);
            plainBytes += length;
            if (!from.isReadable()) {
                input = null;
                from.release();
            }
            return true;
        }

        @Override
        public void close() {
            context.close();
            ByteBuf unread = input;
            input = null;
            if (unread != null) {
                unread.release();
            }
        }
    }
}
