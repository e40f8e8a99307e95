package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.backup.Piece.End;
import io.tidemark.pipeline.backup.Piece.Findings;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Cuts one file, which comes in parts of any length, into chunks. For one thread at a time. */
final class FileCut {
    private final FileProgress progress;
    private final int pageBytes;
    private final ConcurrentLinkedQueue<ChunkSlot> slots;
    private final CRC32C crc = new CRC32C();
    private @Nullable ChunkSlot slot;
    private int length;
    private int filled;
    private long position;

    /** @param file not empty */
    FileCut(SourceFile file, ClusterShape shape, @Nullable TornPages torn, ConcurrentLinkedQueue<ChunkSlot> slots) {
        this.progress = FileProgress.of(file, shape.blockSize(), shape.relationSegmentBlocks(), shape.pages(), torn);
        this.pageBytes = shape.blockSize();
        this.slots = slots;
    }

    FilePath path() {
        return progress.file().path();
    }

    boolean isWhole() {
        return position == size();
    }

    /**
     * Takes the next bytes of the file, or as many as fill a chunk.
     *
     * @param in lent; its position moves behind what was taken
     * @return the chunk, if it is full
     */
    @Nullable
    Chunk take(ByteBuffer in) {
        ChunkSlot into = slot;
        if (into == null) {
            into = ChunkSlot.from(slots);
            slot = into;
            length = Chunk.nextLength(size() - position, pageBytes);
            filled = 0;
        }
        int part = Math.min(length - filled, in.remaining());
        in.get(into.plain, filled, part);
        filled += part;
        return filled == length ? ended(into) : null;
    }

    /** How many of so many bytes belong to the chunk that is being filled. */
    int nextRead(int most) {
        long left = slot == null ? Chunk.nextLength(size() - position, pageBytes) : length - filled;
        return (int) Math.min(most, left);
    }

    private Chunk ended(ChunkSlot full) {
        crc.update(full.plain, 0, length);
        long firstPage = position / pageBytes;
        position += length;
        slot = null;
        if (isWhole()) {
            progress.ended(new Evidence.Sent(size(), (int) crc.getValue()));
        }
        return new Chunk(progress, full, firstPage, length, isWhole() ? End.OF_FILE : End.NOT_YET, Findings.NONE);
    }

    private long size() {
        return progress.file().stat().size();
    }
}
