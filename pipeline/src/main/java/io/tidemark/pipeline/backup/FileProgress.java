package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.Layout;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.PageChecksums;
import io.tidemark.pipeline.catalog.manifest.PageList;
import io.tidemark.pipeline.catalog.manifest.RelationSegment;
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
    private final @Nullable TornPages mayBeTorn;
    private final List<LayoutChunk> chunks = new ArrayList<>();
    private final BlockSpans bad = new BlockSpans();
    private final BlockSpans torn = new BlockSpans();
    private long[] digests = new long[FIRST_DIGESTS];
    /** Set by the reader before it hands on the last chunk. */
    private @Nullable Evidence evidence;

    private int pages;

    /** Whether the cluster's pages bear checksums. */
    enum Pages {
        CHECKSUMMED,
        BARE
    }

    private FileProgress(
            SourceFile file, long pageCount, long firstBlock, boolean checksummed, @Nullable TornPages mayBeTorn) {
        this.file = file;
        this.pageCount = pageCount;
        this.firstBlock = firstBlock;
        this.checksummed = checksummed;
        this.mayBeTorn = mayBeTorn;
    }

    /**
     * A file that nobody writes: every page that fails is bad.
     *
     * @param relationSegmentBlocks after which a relation goes on in another file
     */
    static FileProgress of(SourceFile file, int pageBytes, int relationSegmentBlocks, Pages pages) {
        return of(file, pageBytes, relationSegmentBlocks, pages, null);
    }

    /** A file of a running server. @param mayBeTorn judges the pages that fail */
    static FileProgress of(
            SourceFile file, int pageBytes, int relationSegmentBlocks, Pages pages, @Nullable TornPages mayBeTorn) {
        RelationSegment relation = file.relation();
        long firstBlock = relation == null ? 0 : (long) relation.segment() * relationSegmentBlocks;
        return new FileProgress(
                file,
                file.stat().size() / pageBytes,
                firstBlock,
                relation != null && pages == Pages.CHECKSUMMED,
                mayBeTorn);
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

    /** Pages whose checksum fails, ascending. */
    void failed(List<Piece.FailedPage> pages) {
        for (Piece.FailedPage page : pages) {
            boolean maybe = mayBeTorn != null && mayBeTorn.remembers(file.path(), page.block(), page.lsn());
            (maybe ? torn : bad).add(page.block());
        }
    }

    /** All of the file has been read. */
    void ended(Evidence found) {
        evidence = found;
    }

    Evidence evidence() {
        if (evidence == null) {
            throw new IllegalStateException("the end of '" + file.path() + "' was packed before it was read");
        }
        return evidence;
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
        if (!bad.isEmpty() || !torn.isEmpty()) {
            return new PageChecksums(PageChecksums.State.FAILED, bad.list(), torn.list());
        }
        return checksummed && pageCount > 0 ? PageChecksums.VERIFIED : PageChecksums.NONE;
    }

    private ByteBuffer digestBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(pages * Long.BYTES);
        bytes.asLongBuffer().put(digests, 0, pages);
        return bytes;
    }
}
