package io.tidemark.pipeline.backup;

import com.github.luben.zstd.ZstdCompressCtx;
import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.pipeline.postgres.PageChecksum;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one thread needs for a chunk: a Zstandard context, page digests, page checksums. Dear to make, so they are kept
 * and lent, one to a thread at a time.
 */
final class ChunkTools implements AutoCloseable {
    final ZstdCompressCtx zstd = new ZstdCompressCtx();
    final PageDigests digests;
    final PageChecksum checksum;

    private ChunkTools(PageDigests digests, int level, int pageBytes) {
        this.digests = digests;
        this.checksum = new PageChecksum(pageBytes);
        zstd.setLevel(level).setChecksum(true).setContentSize(true).setDictID(false);
    }

    @Override
    public void close() {
        zstd.close();
    }

    /** The tools that are lent. */
    static final class Box implements AutoCloseable {
        private final Supplier<PageDigests> digests;
        private final int level;
        private final int pageBytes;
        private final ConcurrentLinkedQueue<ChunkTools> idle = new ConcurrentLinkedQueue<>();
        private volatile boolean closed;

        Box(Supplier<PageDigests> digests, int level, int pageBytes) {
            this.digests = digests;
            this.level = level;
            this.pageBytes = pageBytes;
        }

        /** Lends tools to {@code work} while it runs. */
        <T> T with(Function<ChunkTools, T> work) {
            @Nullable ChunkTools kept = idle.poll();
            ChunkTools tools = kept == null ? new ChunkTools(digests.get(), level, pageBytes) : kept;
            try {
                return work.apply(tools);
            } finally {
                idle.add(tools);
                // after a cancellation work may still run: the tools are closed only when it has come back
                if (closed) {
                    closeIdle();
                }
            }
        }

        @Override
        public void close() {
            closed = true;
            closeIdle();
        }

        private void closeIdle() {
            for (ChunkTools tools = idle.poll(); tools != null; tools = idle.poll()) {
                tools.close();
            }
        }
    }
}
