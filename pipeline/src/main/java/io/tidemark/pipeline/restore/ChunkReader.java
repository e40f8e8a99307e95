package io.tidemark.pipeline.restore;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectName;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Fetches chunks by ranges of packs: unsealed, expanded, of exactly the length that was promised. Memory for a chunk is taken by
 * numbers that were checked before; what expands to one byte more is refused before that byte exists.
 */
final class ChunkReader {
    /** Of one run, beside the run itself: each of 1 MiB at most. */
    static final int EXPANDED_AT_ONCE = 2;

    private final PackReader packs;
    private final SystemIdentifier system;
    private final Map<Integer, ManifestLine.Pack> named;
    private final Scheduler cpu;

    /** @param named the packs that the manifest names, by number */
    ChunkReader(PackReader packs, SystemIdentifier system, Map<Integer, ManifestLine.Pack> named, Scheduler cpu) {
        this.packs = packs;
        this.system = system;
        this.named = named;
        this.cpu = cpu;
    }

    /** The chunk's bytes, for the receiver to keep; emitted on the CPU scheduler. Errors: {@link IntegrityFailed}, the store's. */
    Mono<byte[]> read(ChunkReference chunk) {
        return Mono.defer(() -> {
            ManifestLine.Pack pack = named(chunk.pack());
            ObjectName name = ObjectNames.pack(system, pack.label(), pack.number());
            return packs.read(name, ByteRange.of(chunk.offset(), chunk.storedLength()), pack.objectLength())
                    .publishOn(cpu)
                    .map(frame -> expanded(name, chunk, frame, 0));
        });
    }

    /**
     * Reads the chunks of a run with one request, and holds them until they are used.
     *
     * @param use gets each chunk with its bytes, a few at once, on the CPU scheduler; must not read
     */
    Mono<Void> read(ChunkRun run, BiFunction<ChunkReference, byte[], Mono<Void>> use) {
        return Mono.defer(() -> {
            ManifestLine.Pack pack = named(run.pack());
            ObjectName name = ObjectNames.pack(system, pack.label(), pack.number());
            return packs.during(
                    name,
                    run.range(),
                    pack.objectLength(),
                    frames -> Flux.fromIterable(run.chunks())
                            .flatMap(
                                    chunk -> expanded(name, chunk, frames, run)
                                            .flatMap(plain -> use.apply(chunk, plain)),
                                    EXPANDED_AT_ONCE)
                            .then());
        });
    }

    private Mono<byte[]> expanded(ObjectName pack, ChunkReference chunk, byte[] frames, ChunkRun run) {
        int at = Math.toIntExact(chunk.offset() - run.range().offset());
        return Mono.fromCallable(() -> expanded(pack, chunk, frames, at)).subscribeOn(cpu);
    }

    private ManifestLine.Pack named(int number) {
        ManifestLine.Pack pack = named.get(number);
        if (pack == null) {
            throw new IntegrityFailed("pack " + number + " is not one that the manifest names");
        }
        return pack;
    }

    private static byte[] expanded(ObjectName pack, ChunkReference chunk, byte[] frames, int at) {
        long claimed = Zstd.getFrameContentSize(frames, at, chunk.storedLength());
        if (claimed != chunk.length()) {
            throw failed(
                    pack, chunk, claimed < 0 ? "is no frame with a size" : "claims to be " + claimed + " bytes", null);
        }
        byte[] plain = new byte[chunk.length()];
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            int expanded = context.decompressByteArray(plain, 0, plain.length, frames, at, chunk.storedLength());
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
