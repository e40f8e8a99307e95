package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import java.util.List;

/** What the reading of a data directory gives, in order: whole entries, and files chunk by chunk. */
sealed interface Piece {
    /** An entry without content: a directory, a link, an empty file. */
    record Bare(SourceEntry entry, Evidence evidence) implements Piece {}

    /**
     * A chunk of a file as read, and after {@link ChunkWork} what is to be stored of it.
     *
     * @param firstPage the number of its first page in the file
     * @param length of the plain bytes in the slot
     * @param end whether the file ends with it
     * @param findings empty before the work
     */
    record Chunk(FileProgress file, ChunkSlot slot, long firstPage, int length, End end, Findings findings)
            implements Piece {
        /** How long the next chunk of a file is: whole pages first, then the bytes after the last whole page. */
        static int nextLength(long left, int pageBytes) {
            long wholePages = left / pageBytes * pageBytes;
            return (int) Math.min(ChunkReference.MAX_CHUNK_BYTES, wholePages > 0 ? wholePages : left);
        }

        Chunk with(Findings found) {
            return new Chunk(file, slot, firstPage, length, end, found);
        }
    }

    enum End {
        OF_FILE,
        NOT_YET
    }

    /**
     * A page with a wrong checksum.
     *
     * @param block its number in the relation fork
     * @param lsn that it bears
     */
    record FailedPage(long block, Lsn lsn) {}

    /** What the work on a chunk found. */
    final class Findings {
        static final Findings NONE = new Findings(0, new long[0], List.of());

        /** Bytes in the slot's packed array; 0 where the chunk is all zeros and nothing is stored. */
        final int packedLength;
        /** One a page. */
        final long[] digests;
        /** Those whose checksum is wrong. */
        final List<FailedPage> failed;

        Findings(int packedLength, long[] digests, List<FailedPage> failed) {
            this.packedLength = packedLength;
            this.digests = digests;
            this.failed = List.copyOf(failed);
        }
    }
}
