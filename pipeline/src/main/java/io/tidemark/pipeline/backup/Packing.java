package io.tidemark.pipeline.backup;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.pipeline.backup.Piece.Bare;
import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.backup.SourceEntry.SourceDirectory;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.backup.SourceEntry.SourceLink;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.LayoutLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredDirectory;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredLink;
import io.tidemark.pipeline.catalog.manifest.ManifestLineWriter;
import io.tidemark.pipeline.catalog.manifest.PackIndexLine;
import io.tidemark.pipeline.catalog.manifest.PageChecksums;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Pieces in, packs out: lays each chunk into a pack, behind a file's last chunk its layout, and hands the file's line on
 * to be sorted. For one thread at a time; {@link #close} may come from any.
 */
final class Packing implements AutoCloseable {
    private final PackMaking packs;
    private final EntrySort entries;
    private final int pageBytes;
    private final ConcurrentLinkedQueue<ChunkSlot> slots;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private boolean closed;

    /**
     * @param slots where emptied slots go
     */
    Packing(
            BackupLabel label,
            BackupSettings settings,
            Clock clock,
            ByteBufAllocator allocator,
            EntrySort entries,
            int pageBytes,
            ConcurrentLinkedQueue<ChunkSlot> slots) {
        this.packs = new PackMaking(label, settings.packBytes(), settings.tool(), clock, allocator, zstd);
        this.entries = entries;
        this.pageBytes = pageBytes;
        this.slots = slots;
        zstd.setLevel(settings.level()).setChecksum(true).setContentSize(true).setDictID(false);
    }

    /** Takes a piece; gives the packs that became whole by it. */
    synchronized List<ReadyPack> accept(Piece piece) throws IOException {
        if (closed) {
            return List.of();
        }
        if (piece instanceof Chunk chunk) {
            chunk(chunk);
        } else if (piece instanceof Bare bare) {
            add(line(bare.entry()), bare.evidence());
        }
        return packs.takeReady();
    }

    /** After the last piece: the last pack. */
    synchronized List<ReadyPack> end() {
        if (closed) {
            return List.of();
        }
        packs.end();
        return packs.takeReady();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            packs.release();
            zstd.close();
        }
    }

    private void chunk(Chunk chunk) throws IOException {
        FileProgress file = chunk.file();
        if (chunk.findings().packedLength == 0) {
            file.zeros(
                    chunk.length(),
                    chunk.length() % pageBytes == 0 ? FileProgress.ZeroRun.PAGES : FileProgress.ZeroRun.REST);
        } else {
            file.stored(packs.append(
                    chunk.slot().packed,
                    chunk.findings().packedLength,
                    chunk.slot().plain,
                    chunk.length(),
                    file.file().path(),
                    new PackIndexLine.Part.Pages(chunk.firstPage())));
        }
        file.digests(chunk.findings().digests);
        file.failed(chunk.findings().failed);
        slots.add(chunk.slot());
        if (chunk.end() == Piece.End.OF_FILE) {
            add(file.line(layout(file)), file.evidence());
        }
    }

    private ChunkReference layout(FileProgress file) {
        byte[] plain = LayoutLine.write(file.layout());
        byte[] packed = new byte[(int) Zstd.compressBound(plain.length)];
        int length = zstd.compressByteArray(packed, 0, packed.length, plain, 0, plain.length);
        return packs.append(
                packed, length, plain, plain.length, file.file().path(), new PackIndexLine.Part.FileLayout());
    }

    private void add(ManifestLine.Entry line, Evidence evidence) throws IOException {
        entries.add(SortedEntry.of(line.path(), ManifestLineWriter.write(line), evidence));
    }

    private static ManifestLine.Entry line(SourceEntry entry) {
        FileStat stat = entry.stat();
        if (entry instanceof SourceLink link) {
            return new StoredLink(entry.path(), link.target(), stat.modified());
        }
        if (entry instanceof SourceFile file) {
            return StoredFile.plain(
                    entry.path(), 0, stat.permissions(), stat.modified(), file.relation(), PageChecksums.NONE, null);
        }
        return directory((SourceDirectory) entry);
    }

    private static StoredDirectory directory(SourceDirectory entry) {
        return new StoredDirectory(
                entry.path(), entry.stat().permissions(), entry.stat().modified());
    }
}
