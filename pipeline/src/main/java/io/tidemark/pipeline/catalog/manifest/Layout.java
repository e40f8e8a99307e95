package io.tidemark.pipeline.catalog.manifest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file is put together: its chunks, which pages lie where in them, and the digests of its pages.
 *
 * @param chunks in the file's order where the map is empty
 * @param map every whole page of the file once, in order; empty where the file is its chunks in order. The bytes after
 *     the last whole page, if any, are then the last chunk
 * @param pages null for a file of more than {@link PageList#MAX_PAGES} pages
 * @param zeros of an opened file: the pages that lay as plain zeros on the origin
 */
public record Layout(
        List<LayoutChunk> chunks,
        List<PageRun> map,
        @Nullable PageList pages,
        List<PageSpan> zeros) {
    /** More chunks, runs or spans than this are refused: a terabyte in whole chunks. */
    public static final int MAX_ENTRIES = 1 << 20;

    public Layout {
        chunks = List.copyOf(chunks);
        map = List.copyOf(map);
        zeros = List.copyOf(zeros);
        if (chunks.size() > MAX_ENTRIES || map.size() > MAX_ENTRIES || zeros.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("layout of more than " + MAX_ENTRIES + " entries");
        }
    }

    /** Of a file that is its chunks in order. */
    public static Layout inOrder(List<LayoutChunk> chunks, @Nullable PageList pages) {
        return new Layout(chunks, List.of(), pages, List.of());
    }

    /**
     * The parts of the file in the file's order, all of it and nothing twice.
     *
     * @param size of the file, in bytes
     * @param blockSize of the cluster, in bytes: a page
     * @throws IllegalArgumentException where the layout is not one of a file of this size
     */
    public List<Extent> extents(long size, int blockSize) {
        long wholePages = size / blockSize;
        long rest = size % blockSize;
        if (pages != null && pages.size() != wholePages) {
            throw new IllegalArgumentException("page list of " + pages.size() + " pages for a file of " + wholePages);
        }
        checkZeros(wholePages);
        List<Extent> extents = map.isEmpty() ? chunksInOrder() : mapped(wholePages, rest, blockSize);
        long end = extents.isEmpty()
                ? 0
                : extents.get(extents.size() - 1).offset()
                        + extents.get(extents.size() - 1).length();
        if (end != size) {
            throw new IllegalArgumentException("layout of " + end + " bytes for a file of " + size);
        }
        return extents;
    }

    private List<Extent> chunksInOrder() {
        List<Extent> extents = new ArrayList<>(chunks.size());
        long at = 0;
        for (LayoutChunk chunk : chunks) {
            extents.add(new Extent(at, chunk.length(), chunk, 0));
            at = Math.addExact(at, chunk.length());
        }
        return extents;
    }

    private List<Extent> mapped(long wholePages, long rest, int blockSize) {
        List<Extent> extents = new ArrayList<>(map.size() + 1);
        long page = 0;
        for (PageRun run : map) {
            if (run.firstPage() != page || run.count() > wholePages - page) {
                throw new IllegalArgumentException("page map: run of " + run.count() + " pages from page "
                        + run.firstPage() + ", expected page " + page + " of " + wholePages);
            }
            extents.add(extent(run, blockSize));
            page += run.count();
        }
        if (page != wholePages) {
            throw new IllegalArgumentException("page map ends at page " + page + " of " + wholePages);
        }
        if (rest > 0) {
            LayoutChunk last = chunks.get(chunks.size() - 1);
            if (last.length() != rest) {
                throw new IllegalArgumentException("last chunk of " + last.length() + " bytes, expected the " + rest
                        + " bytes after the last whole page");
            }
            extents.add(new Extent(wholePages * blockSize, rest, last, 0));
        }
        return extents;
    }

    private Extent extent(PageRun run, int blockSize) {
        if (run.chunk() >= chunks.size()) {
            throw new IllegalArgumentException("page map: chunk " + run.chunk() + " of " + chunks.size());
        }
        LayoutChunk chunk = chunks.get(run.chunk());
        long pagesInChunk = chunk.length() / blockSize;
        if (run.firstInChunk() > pagesInChunk || run.count() > pagesInChunk - run.firstInChunk()) {
            throw new IllegalArgumentException("page map: pages " + run.firstInChunk() + "+" + run.count()
                    + " of chunk " + run.chunk() + ", which has " + pagesInChunk);
        }
        return new Extent(run.firstPage() * blockSize, run.count() * blockSize, chunk, run.firstInChunk() * blockSize);
    }

    private void checkZeros(long wholePages) {
        long page = 0;
        for (PageSpan span : zeros) {
            if (span.firstPage() < page || span.count() > wholePages - span.firstPage()) {
                throw new IllegalArgumentException(
                        "zeros: pages " + span.firstPage() + "+" + span.count() + " of a file of " + wholePages);
            }
            page = span.firstPage() + span.count();
        }
    }
}
