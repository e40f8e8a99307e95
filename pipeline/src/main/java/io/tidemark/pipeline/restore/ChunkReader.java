package io.tidemark.pipeline.restore;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectName;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Fetches chunks by ranges of packs: unsealed, expanded, of exactly the length that was promised. Memory for a chunk is taken by
 * numbers that were checked before; what expands to one byte more is refused before that byte exists.
 */
final class ChunkReader {
    private final SealedObjects objects;
    private final SystemIdentifier system;
    private final Map<Integer, ManifestLine.Pack> packs;
    private final Scheduler cpu;

    ChunkReader(SealedObjects objects, SystemIdentifier system, Map<Integer, ManifestLine.Pack> packs, Scheduler cpu) {
        this.objects = objects;
        this.system = system;
        this.packs = packs;
        this.cpu = cpu;
    }

    /** The chunk's bytes, for the receiver to keep; emitted on the CPU scheduler. Errors: {@link IntegrityFailed}, the store's. */
    Mono<byte[]> read(ChunkReference chunk) {
        return Mono.defer(() -> {
            ManifestLine.Pack pack = packs.get(chunk.pack());
            if (pack == null) {
                return Mono.error(new IntegrityFailed("pack " + chunk.pack() + " is not one that the manifest names"));
            }
            ObjectName name = ObjectNames.pack(system, pack.label(), pack.number());
            ByteRange range = ByteRange.of(chunk.offset(), chunk.storedLength());
            return objects.content(name, range, pack.objectLength())
                    .collect(() -> new Stored(name, chunk), Stored::add)
                    .publishOn(cpu)
                    .map(Stored::expanded);
        });
    }

    /** A chunk's stored bytes as they come. One thread at a time. */
    private static final class Stored {
        private final ObjectName pack;
        private final ChunkReference chunk;
        private final byte[] frame;
        private int length;

        Stored(ObjectName pack, ChunkReference chunk) {
            this.pack = pack;
            this.chunk = chunk;
            this.frame = new byte[chunk.storedLength()];
        }

        void add(ByteBuf given) {
            try {
                int more = given.readableBytes();
                if (more > frame.length - length) {
                    throw failed("has more stored bytes than its range", null);
                }
                given.readBytes(frame, length, more);
                length += more;
            } finally {
                given.release();
            }
        }

        byte[] expanded() {
            if (length != frame.length) {
                throw failed("has only " + length + " stored bytes", null);
            }
            long claimed = Zstd.getFrameContentSize(frame);
            if (claimed != chunk.length()) {
                throw failed(claimed < 0 ? "is no frame with a size" : "claims to be " + claimed + " bytes", null);
            }
            byte[] plain = new byte[chunk.length()];
            try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
                int expanded = context.decompressByteArray(plain, 0, plain.length, frame, 0, frame.length);
                if (expanded != plain.length) {
                    throw failed("expands to " + expanded + " bytes", null);
                }
            } catch (ZstdException e) {
                throw failed("does not expand: " + e.getMessage(), e);
            }
            return plain;
        }

        private IntegrityFailed failed(String what, @Nullable Throwable cause) {
            return new IntegrityFailed(
                    "chunk at " + chunk.offset() + "+" + chunk.storedLength() + " of " + pack + ", promised to be "
                            + chunk.length() + " bytes, " + what,
                    cause);
        }
    }
}
