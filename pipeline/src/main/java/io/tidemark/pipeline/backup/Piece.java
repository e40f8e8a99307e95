package io.tidemark.pipeline.backup;

/** What the reading of a data directory gives, in order: whole entries, and files chunk by chunk. */
sealed interface Piece {
    /** An entry without content: a directory, a link, an empty file. */
    record Bare(SourceEntry entry) implements Piece {}

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
        Chunk with(Findings found) {
            return new Chunk(file, slot, firstPage, length, end, found);
        }
    }

    enum End {
        OF_FILE,
        NOT_YET
    }

    /** What the work on a chunk found. */
    final class Findings {
        static final Findings NONE = new Findings(0, new long[0], new long[0]);

        /** Bytes in the slot's packed array; 0 where the chunk is all zeros and nothing is stored. */
        final int packedLength;
        /** One a page. */
        final long[] digests;
        /** Numbers in the relation fork. */
        final long[] badBlocks;

        Findings(int packedLength, long[] digests, long[] badBlocks) {
            this.packedLength = packedLength;
            this.digests = digests;
            this.badBlocks = badBlocks;
        }
    }
}
