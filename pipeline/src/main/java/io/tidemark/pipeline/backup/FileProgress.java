package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.Layout;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.PageChecksums;
import io.tidemark.pipeline.catalog.manifest.PageList;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has become of one file so far: where its chunks lie, the digests of its pages, which of them are bad. Filled
 * chunk by chunk in the file's order, by one thread at a time.
 */
final class FileProgress {
    private static final int FIRST_DIGESTS = 16;

    private final SourceFile file;
    private final boolean checksummed;
    private final long firstBlock;
    private final long pageCount;
    private final List<LayoutChunk> chunks = new ArrayList<>();
    private final List<PageSpan> bad = new ArrayList<>();
    private long[] digests = new long[FIRST_DIGESTS];
    private int pages;

    /**
     * @param pageCount whole pages of the file
     * @param firstBlock the number of the file's first page in its relation fork
     * @param checksummed whether its pages bear checksums
     */
    FileProgress(SourceFile file, long pageCount, long firstBlock, boolean checksummed) {
        this.file = file;
        this.pageCount = pageCount;
        this.firstBlock = firstBlock;
        this.checksummed = checksummed;
    }

    SourceFile file() {
        return file;
    }

    boolean isChecksummed() {
        return checksummed;
    }

    /** The number, in the relation fork, of a page of this file. */
    long block(long page) {
        return firstBlock + page;
    }

    boolean keepsPageList() {
        return pageCount <= PageList.MAX_PAGES;
    }

    void stored(ChunkReference reference) {
        chunks.add(new LayoutChunk.Stored(reference));
    }

    /** Zeros of whole pages, which join those before them, or the zeros after the last whole page, which do not. */
    void zeros(long length, ZeroRun run) {
        int last = chunks.size() - 1;
        if (run == ZeroRun.PAGES && last >= 0 && chunks.get(last) instanceof LayoutChunk.Zeros before) {
            chunks.set(last, new LayoutChunk.Zeros(before.length() + length));
        } else {
            chunks.add(new LayoutChunk.Zeros(length));
        }
    }

    enum ZeroRun {
        PAGES,
        REST
    }

    void digests(long[] more) {
        if (!keepsPageList()) {
            return;
        }
        if (pages + more.length > digests.length) {
            digests = Arrays.copyOf(digests, Math.max(pages + more.length, digests.length * 2));
        }
        System.arraycopy(more, 0, digests, pages, more.length);
        pages += more.length;
    }

    /** Numbers in the relation fork, ascending. */
    void badBlocks(long[] blocks) {
        for (long block : blocks) {
            int last = bad.size() - 1;
            PageSpan before = last < 0 ? null : bad.get(last);
            if (before != null
                    && (before.firstPage() + before.count() == block || bad.size() == PageChecksums.MAX_SPANS)) {
                bad.set(last, new PageSpan(before.firstPage(), block + 1 - before.firstPage()));
            } else {
                bad.add(new PageSpan(block, 1));
            }
        }
    }

    Layout layout() {
        return Layout.inOrder(chunks, keepsPageList() ? PageList.ofBytes(digestBytes()) : null);
    }

    StoredFile line(@Nullable ChunkReference layout) {
        return StoredFile.plain(
                file.path(),
                file.stat().size(),
                file.stat().permissions(),
                file.stat().modified(),
                file.relation(),
                checksums(),
                layout);
    }

    private PageChecksums checksums() {
        if (!bad.isEmpty()) {
            return PageChecksums.bad(bad);
        }
        return checksummed && pageCount > 0 ? PageChecksums.VERIFIED : PageChecksums.NONE;
    }

    private ByteBuffer digestBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(pages * Long.BYTES);
        bytes.asLongBuffer().put(digests, 0, pages);
        return bytes;
    }
}
