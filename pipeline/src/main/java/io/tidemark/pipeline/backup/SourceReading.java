package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.backup.Piece.End;
import io.tidemark.pipeline.backup.Piece.Findings;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a walk finds, chunk by chunk: whole pages up to 1 MiB, then the bytes after the last whole page. One file
 * is open at a time, and it is looked at before and after. Blocks on files; for one thread at a time.
 */
final class SourceReading implements AutoCloseable {
    private final DataDirectory source;
    private final SourceWalk walk;
    private final ConcurrentLinkedQueue<ChunkSlot> slots;
    private final int pageBytes;
    private @Nullable OpenFile open;

    /** @param slots free ones are taken from here; where there is none a new one is made */
    SourceReading(DataDirectory source, SourceWalk walk, ConcurrentLinkedQueue<ChunkSlot> slots) {
        this.source = source;
        this.walk = walk;
        this.slots = slots;
        this.pageBytes = source.control().blockSize();
    }

    /** The next piece; empty at the end. @throws RefusedForSafety where a file changed while it was read */
    Optional<Piece> next() throws IOException {
        OpenFile current = open;
        if (current != null) {
            return Optional.of(chunk(current));
        }
        SourceWalk.Found found = walk.next().orElse(null);
        if (found == null) {
            return Optional.empty();
        }
        if (found.entry() instanceof SourceFile file && file.stat().size() > 0) {
            OpenFile opened = new OpenFile(
                    found.onDisk(),
                    FileChannel.open(found.onDisk(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
                    progress(file));
            open = opened;
            return Optional.of(chunk(opened));
        }
        return Optional.of(new Piece.Bare(
                found.entry(), new Evidence.Untouched(found.entry().stat())));
    }

    @Override
    public void close() throws IOException {
        try (walk;
                OpenFile current = open) {
            open = null;
        }
    }

    private FileProgress progress(SourceFile file) {
        return FileProgress.of(
                file,
                pageBytes,
                source.control().relationSegmentBlocks(),
                source.control().checksumVersion() != 0 ? FileProgress.Pages.CHECKSUMMED : FileProgress.Pages.BARE);
    }

    private Piece chunk(OpenFile current) throws IOException {
        SourceFile file = current.progress.file();
        long left = file.stat().size() - current.position;
        int length = Chunk.nextLength(left, pageBytes);
        ChunkSlot slot = ChunkSlot.from(slots);
        fill(current, slot, length);
        long firstPage = current.position / pageBytes;
        current.position += length;
        boolean last = length == left;
        if (last) {
            requireUntouched(current);
            current.progress.ended(
                    new Evidence.Untouched(current.progress.file().stat()));
            current.close();
            open = null;
        }
        return new Chunk(current.progress, slot, firstPage, length, last ? End.OF_FILE : End.NOT_YET, Findings.NONE);
    }

    private static void fill(OpenFile current, ChunkSlot slot, int length) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(slot.plain, 0, length);
        while (into.hasRemaining()) {
            if (current.channel.read(into) < 0) {
                throw changed(current);
            }
        }
    }

    private static void requireUntouched(OpenFile current) throws IOException {
        SourceFile file = current.progress.file();
        if (current.channel.size() != file.stat().size()
                || !FileStat.of(current.onDisk).equals(file.stat())) {
            throw changed(current);
        }
    }

    private static RefusedForSafety changed(OpenFile file) {
        return new RefusedForSafety(file.onDisk + " changed while it was read: the directory is not stopped");
    }

    private static final class OpenFile implements AutoCloseable {
        private final Path onDisk;
        private final FileChannel channel;
        private final FileProgress progress;
        private long position;

        OpenFile(Path onDisk, FileChannel channel, FileProgress progress) {
            this.onDisk = onDisk;
            this.channel = channel;
            this.progress = progress;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
