package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.sinks.ByteRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Chunks that lie side by side in one pack, so that one request gets them all. Pure. */
record ChunkRun(int pack, ByteRange range, List<ChunkReference> chunks) {
    ChunkRun {
        chunks = List.copyOf(chunks);
    }

    /**
     * The runs of some chunks, in the order of the packs; nothing is asked for that no chunk has.
     *
     * @param chunks in any order, none twice
     * @param mostBytes of one range, unless a single chunk is longer
     */
    static List<ChunkRun> of(Collection<ChunkReference> chunks, long mostBytes) {
        List<ChunkReference> sorted = new ArrayList<>(chunks);
        sorted.sort(Comparator.comparingInt(ChunkReference::pack).thenComparingLong(ChunkReference::offset));
        List<ChunkRun> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || !goesOn(sorted.get(from), sorted.get(i - 1), sorted.get(i), mostBytes)) {
                runs.add(run(sorted.subList(from, i)));
                from = i;
            }
        }
        return runs;
    }

    private static boolean goesOn(ChunkReference first, ChunkReference last, ChunkReference next, long mostBytes) {
        return next.pack() == last.pack() && next.offset() == end(last) && end(next) - first.offset() <= mostBytes;
    }

    private static ChunkRun run(List<ChunkReference> chunks) {
        ChunkReference first = chunks.get(0);
        long end = end(chunks.get(chunks.size() - 1));
        return new ChunkRun(first.pack(), ByteRange.of(first.offset(), end - first.offset()), chunks);
    }

    private static long end(ChunkReference chunk) {
        return chunk.offset() + chunk.storedLength();
    }
}
