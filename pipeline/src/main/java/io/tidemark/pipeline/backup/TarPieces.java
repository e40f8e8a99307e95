package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.backup.SourceEntry.SourceDirectory;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.RelationSegment;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One archive of a base backup, cut into pieces as it comes. The members that a restore writes itself ({@code backup_label}, {@code
 * tablespace_map}) and the control file are kept aside for the header. For one thread at a time.
 */
final class TarPieces {
    private final String where;
    private final @Nullable FilePath prefix;
    private final ClusterShape shape;
    private final TornPages torn;
    private final KeptAside aside;
    private final ConcurrentLinkedQueue<ChunkSlot> slots;
    private final TarStream tar;
    private @Nullable FileCut file;
    private @Nullable FilePath keeping;
    private long keepingLeft;

    /**
     * @param where names the archive in messages
     * @param prefix of its members' paths; null for the data directory itself
     * @param slots free ones are taken from here
     */
    TarPieces(
            String where,
            @Nullable FilePath prefix,
            ClusterShape shape,
            TornPages torn,
            KeptAside aside,
            ConcurrentLinkedQueue<ChunkSlot> slots) {
        this.where = where;
        this.prefix = prefix;
        this.shape = shape;
        this.torn = torn;
        this.aside = aside;
        this.slots = slots;
        this.tar = new TarStream(where);
    }

    /** The next piece that lies in the bytes, which are used up where there is none. */
    Optional<Piece> next(ByteBuffer in) {
        while (true) {
            switch (tar.next(in)) {
                case NOTHING -> {
                    return Optional.empty();
                }
                case ENTRY -> {
                    Piece piece = begun(tar.entry());
                    if (piece != null) {
                        return Optional.of(piece);
                    }
                }
                case CONTENT -> {
                    Chunk chunk = content(in);
                    if (chunk != null) {
                        return Optional.of(chunk);
                    }
                }
            }
        }
    }

    /** @throws IntegrityFailed where the archive is not whole */
    void requireEnd() {
        tar.requireEnd();
    }

    private @Nullable Piece begun(TarEntry entry) {
        FilePath path = path(entry);
        FileStat stat =
                FileStat.ofServer(entry.kind(), entry.mode(), entry.size(), Instant.ofEpochSecond(entry.modified()));
        return switch (entry.kind()) {
            case DIRECTORY -> bare(new SourceDirectory(path, stat));
            case FILE -> file(path, stat);
            // links of tablespaces are asked for in tablespace_map, and no other is ever sent
            case LINK -> throw new IntegrityFailed(where + " has a link, '" + path + "', where none was asked for");
        };
    }

    private @Nullable Piece file(FilePath path, FileStat stat) {
        DataDirectory.requireNoKeys(path);
        if (KeptAside.isForHeader(path)) {
            keeping = stat.size() > 0 ? path : null;
            keepingLeft = stat.size();
            aside.begin(path, stat.size());
            return null;
        }
        RelationSegment relation = RelationNames.parse(path).orElse(null);
        SourceFile found = new SourceFile(path, stat, relation);
        if (stat.size() == 0) {
            return bare(found);
        }
        file = new FileCut(found, shape, torn, slots);
        if (path.equals(KeptAside.CONTROL)) {
            aside.begin(path, stat.size());
        }
        return null;
    }

    private static Piece bare(SourceEntry entry) {
        return new Piece.Bare(entry, Evidence.Sent.NOTHING);
    }

    private @Nullable Chunk content(ByteBuffer in) {
        int length = tar.contentIn(in);
        FilePath kept = keeping;
        if (kept != null) {
            aside.add(kept, in.slice().limit(length));
            in.position(in.position() + length);
            tar.took(length);
            keepingLeft -= length;
            keeping = keepingLeft == 0 ? null : kept;
            return null;
        }
        FileCut open = file;
        if (open == null) {
            throw new IllegalStateException("content of no file in " + where);
        }
        ByteBuffer content = in.slice().limit(length);
        Chunk chunk = open.take(content);
        int taken = content.position();
        if (open.path().equals(KeptAside.CONTROL)) {
            aside.add(open.path(), content.flip());
        }
        in.position(in.position() + taken);
        tar.took(taken);
        if (open.isWhole()) {
            file = null;
        }
        return chunk;
    }

    private FilePath path(TarEntry entry) {
        FilePath name;
        try {
            name = FilePath.ofBytes(entry.name());
        } catch (IllegalArgumentException e) {
            throw new IntegrityFailed(where + ": " + e.getMessage(), e);
        }
        FilePath path = prefix == null ? name : prefix.child(name);
        if (prefix == null && path.isBelow(KeptAside.TABLESPACES) && entry.kind() == TarEntry.Kind.FILE) {
            throw new IntegrityFailed(where + " has '" + path + "', which belongs to a tablespace's own archive");
        }
        return path;
    }
}
