package io.tidemark.pipeline.restore;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
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
    private final PackReader packs;
    private final SystemIdentifier system;
    private final Map<Integer, ManifestLine.Pack> named;
    private final Scheduler cpu;

    /** @param named the packs that the manifest names, by number */
    ChunkReader(SealedObjects objects, SystemIdentifier system, Map<Integer, ManifestLine.Pack> named, Scheduler cpu) {
        this.packs = new PackReader(objects);
        this.system = system;
        this.named = named;
        this.cpu = cpu;
    }

    /** The chunk's bytes, for the receiver to keep; emitted on the CPU scheduler. Errors: {@link IntegrityFailed}, the store's. */
    Mono<byte[]> read(ChunkReference chunk) {
        return Mono.defer(() -> {
            ManifestLine.Pack pack = named.get(chunk.pack());
            if (pack == null) {
                return Mono.error(new IntegrityFailed("pack " + chunk.pack() + " is not one that the manifest names"));
            }
            ObjectName name = ObjectNames.pack(system, pack.label(), pack.number());
            return packs.read(name, ByteRange.of(chunk.offset(), chunk.storedLength()), pack.objectLength())
                    .publishOn(cpu)
                    .map(frame -> expanded(name, chunk, frame));
        });
    }

    private static byte[] expanded(ObjectName pack, ChunkReference chunk, byte[] frame) {
        long claimed = Zstd.getFrameContentSize(frame);
        if (claimed != chunk.length()) {
            throw failed(
                    pack, chunk, claimed < 0 ? "is no frame with a size" : "claims to be " + claimed + " bytes", null);
        }
        byte[] plain = new byte[chunk.length()];
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            int expanded = context.decompressByteArray(plain, 0, plain.length, frame, 0, frame.length);
            if (expanded != plain.length) {
                throw failed(pack, chunk, "expands to " + expanded + " bytes", null);
            }
        } catch (ZstdException e) {
            throw failed(pack, chunk, "does not expand: " + e.getMessage(), e);
        }
        return plain;
    }

    private static IntegrityFailed failed(
            ObjectName pack, ChunkReference chunk, String what, @Nullable Throwable cause) {
        return new IntegrityFailed(
                "chunk at " + chunk.offset() + "+" + chunk.storedLength() + " of " + pack + ", promised to be "
                        + chunk.length() + " bytes, " + what,
                cause);
    }
}
