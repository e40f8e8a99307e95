package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.backup.Piece.FailedPage;
import io.tidemark.pipeline.backup.Piece.Findings;
import io.tidemark.pipeline.postgres.PageChecksum;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** The dear part of a chunk, for many threads at once: page digests, page checksums, compression. Blocks on nothing. */
final class ChunkWork {
    private final ChunkTools.Box tools;
    private final int pageBytes;

    ChunkWork(ChunkTools.Box tools, int pageBytes) {
        this.tools = tools;
        this.pageBytes = pageBytes;
    }

    /** The chunk with its findings; its slot's packed array is filled unless the chunk is all zeros. */
    Chunk done(Chunk chunk) {
        return tools.with(lent -> chunk.with(findings(chunk, lent)));
    }

    private Findings findings(Chunk chunk, ChunkTools lent) {
        byte[] plain = chunk.slot().plain;
        boolean zeros = PageChecksum.isZero(plain, 0, chunk.length());
        return new Findings(
                zeros ? 0 : compressed(chunk, lent),
                chunk.file().keepsPageList() ? digests(chunk, lent) : new long[0],
                chunk.file().isChecksummed() ? failed(chunk, lent) : List.of());
    }

    private static int compressed(Chunk chunk, ChunkTools lent) {
        byte[] packed = chunk.slot().packed;
        return lent.zstd.compressByteArray(packed, 0, packed.length, chunk.slot().plain, 0, chunk.length());
    }

    private long[] digests(Chunk chunk, ChunkTools lent) {
        long[] digests = new long[chunk.length() / pageBytes];
        for (int page = 0; page < digests.length; page++) {
            digests[page] = lent.digests.entry(ByteBuffer.wrap(chunk.slot().plain, page * pageBytes, pageBytes));
        }
        return digests;
    }

    private List<FailedPage> failed(Chunk chunk, ChunkTools lent) {
        // half a page at a relation's end has no checksum that could be right
        int pages = (chunk.length() + pageBytes - 1) / pageBytes;
        return IntStream.range(0, pages)
                .filter(page -> !isRight(chunk, page * pageBytes, lent.checksum))
                .mapToObj(page -> new FailedPage(
                        chunk.file().block(chunk.firstPage() + page),
                        PageChecksum.lsn(chunk.slot().plain, page * pageBytes)))
                .toList();
    }

    private boolean isRight(Chunk chunk, int offset, PageChecksum checksum) {
        return offset + pageBytes <= chunk.length()
                && checksum.isRight(
                        chunk.slot().plain, offset, chunk.file().block(chunk.firstPage() + offset / pageBytes));
    }
}
