package io.tidemark.pipeline.backup;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.PackIndexLine;
import io.tidemark.pipeline.stage.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays frames into packs and closes a pack when it is full: with the frame that would make it longer than it should be,
 * or with as many chunks as its index may name, so that neither grows with the cluster. For one thread at a time.
 */
final class PackMaking {
    private static final int FIRST_NUMBER = 1;
    private static final int MAX_INDEX_BYTES = 4 << 20;

    private final BackupLabel label;
    private final long packBytes;
    private final String tool;
    private final Clock clock;
    private final ByteBufAllocator allocator;
    private final ZstdCompressCtx zstd;
    private final List<ReadyPack> ready = new ArrayList<>();
    private @Nullable PackBuffer buffer;
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream index = new ByteArrayOutputStream();
    private long plainBytes;
    private int number = FIRST_NUMBER;

    /** @param zstd lent, for the indexes */
    PackMaking(
            BackupLabel label,
            long packBytes,
            String tool,
            Clock clock,
            ByteBufAllocator allocator,
            ZstdCompressCtx zstd) {
        this.label = label;
        this.packBytes = packBytes;
        this.tool = tool;
        this.clock = clock;
        this.allocator = allocator;
        this.zstd = zstd;
    }

    /**
     * Puts one frame into the pack.
     *
     * @param packed the frame, its first {@code packedLength} bytes; lent, as {@code plain}, what it expands to
     */
    ChunkReference append(
            byte[] packed, int packedLength, byte[] plain, int length, FilePath path, PackIndexLine.Part what) {
        PackBuffer into = room(packedLength);
        ChunkReference reference = new ChunkReference(number, into.length(), packedLength, length);
        into.append(packed, packedLength);
        digest.update(plain, 0, length);
        plainBytes += length;
        index.writeBytes(new PackIndexLine(reference.offset(), packedLength, length, path, what).write());
        return reference;
    }

    /** The packs that became whole since this was last asked; the caller's from now on. */
    List<ReadyPack> takeReady() {
        List<ReadyPack> taken = List.copyOf(ready);
        ready.clear();
        return taken;
    }

    /** Closes the last pack, if there is one. */
    void end() {
        PackBuffer last = buffer;
        if (last != null) {
            close(last);
        }
    }

    /** Frees what was not taken. */
    void release() {
        PackBuffer last = buffer;
        buffer = null;
        if (last != null) {
            last.release();
        }
        takeReady().forEach(ReadyPack::release);
    }

    private PackBuffer room(int packedLength) {
        PackBuffer current = buffer;
        boolean full =
                current != null && (current.length() + packedLength > packBytes || index.size() > MAX_INDEX_BYTES);
        if (current != null && full) {
            close(current);
            current = null;
        }
        if (current == null) {
            current = new PackBuffer(allocator);
            buffer = current;
        }
        return current;
    }

    private void close(PackBuffer full) {
        byte[] lines = index.toByteArray();
        long indexOffset = full.length();
        byte[] packed = new byte[(int) Zstd.compressBound(lines.length)];
        full.append(packed, zstd.compressByteArray(packed, 0, packed.length, lines, 0, lines.length));
        digest.update(lines);
        ContentDigest content = new ContentDigest(HexFormat.of().formatHex(digest.digest()), plainBytes + lines.length);
        Facts facts = Facts.of("pack", content, clock.instant(), tool)
                .with("label", label.value())
                .with("number", number)
                .with("index", indexOffset);
        ready.add(new ReadyPack(number, full, facts));
        buffer = null;
        number++;
        plainBytes = 0;
        index.reset();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
