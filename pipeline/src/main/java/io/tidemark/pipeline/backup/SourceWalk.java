package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.pipeline.backup.SourceEntry.SourceDirectory;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.backup.SourceEntry.SourceLink;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.LinkTarget;
import io.tidemark.pipeline.catalog.manifest.RelationSegment;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a data directory that belong to a backup, one by one, a directory before what is in it and otherwise
 * as the file system gives them. Holds one open directory a level, whatever their number and size. What is left out is
 * what pg_basebackup leaves out (PostgreSQL 17, {@code excludeFiles} and {@code excludeDirContents}).
 */
final class SourceWalk implements AutoCloseable {
    private static final FilePath WAL = FilePath.of("pg_wal");
    private static final FilePath TABLESPACES = FilePath.of("pg_tblspc");

    private final DataDirectory source;
    private final WalSpan wal;
    private final Consumer<String> warnings;
    private final Deque<Level> levels = new ArrayDeque<>();

    /** @param warnings hears of each entry that is not backed up though no server would miss it for certain */
    SourceWalk(DataDirectory source, WalSpan wal, Consumer<String> warnings) throws IOException {
        this.source = source;
        this.wal = wal;
        this.warnings = warnings;
        levels.push(Level.open(null, source.root()));
    }

    /**
     * An entry of the walk.
     *
     * @param onDisk where it is on this machine
     */
    record Found(SourceEntry entry, Path onDisk) {}

    /** The path below {@code root} of something in it. */
    static FilePath pathBelow(Path root, Path below) {
        FilePath path = null;
        for (int i = root.getNameCount() + 1; i <= below.getNameCount(); i++) {
            Path part = root.resolve(root.relativize(below).subpath(0, i - root.getNameCount()));
            FilePath name = FilePath.nameOf(part);
            path = path == null ? name : path.child(name);
        }
        if (path == null) {
            throw new IllegalStateException(below + " taken for something in " + root);
        }
        return path;
    }

    /** The next entry; empty at the end. @throws RefusedForSafety where the directory changes, or hides data */
    Optional<Found> next() throws IOException {
        while (!levels.isEmpty()) {
            Level level = levels.peek();
            Path entry = level.next();
            if (entry == null) {
                levels.pop().close();
                continue;
            }
            Optional<SourceEntry> found = visit(level, entry);
            if (found.isPresent()) {
                return Optional.of(new Found(found.get(), entry));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        while (!levels.isEmpty()) {
            levels.pop().close();
        }
    }

    private Optional<SourceEntry> visit(Level level, Path onDisk) throws IOException {
        FilePath name = FilePath.nameOf(onDisk);
        FilePath path = level.path == null ? name : level.path.child(name);
        if (LeftOut.entry(path) || RelationNames.isTemporary(path)) {
            return Optional.empty();
        }
        FileStat stat;
        try {
            stat = FileStat.of(onDisk);
        } catch (NoSuchFileException e) {
            throw new RefusedForSafety(onDisk + " vanished while the directory was read: it is not stopped", e);
        }
        if (path.isDirectlyBelow(WAL)) {
            return walEntry(path, stat);
        }
        if (stat.isLink()) {
            return link(path, onDisk, stat);
        }
        if (stat.isDirectory()) {
            return Optional.of(directory(path, onDisk, stat));
        }
        if (stat.isFile()) {
            return file(path, onDisk, stat);
        }
        warnings.accept(onDisk + " is neither file nor directory and not backed up");
        return Optional.empty();
    }

    private SourceEntry directory(FilePath path, Path onDisk, FileStat stat) throws IOException {
        // the content of a tablespace inside the data directory is reached by its link
        if (!LeftOut.content(path) && source.tablespaceAt(path) == null) {
            levels.push(Level.open(path, onDisk));
        }
        return new SourceDirectory(path, stat);
    }

    private Optional<SourceEntry> file(FilePath path, Path onDisk, FileStat stat) {
        RelationSegment relation = RelationNames.parse(path).orElse(null);
        if (relation != null && isUnloggedContent(relation, onDisk)) {
            return Optional.empty();
        }
        return Optional.of(new SourceFile(path, stat, relation));
    }

    // PostgreSQL makes an unlogged relation anew from its initialisation fork at the end of recovery
    private static boolean isUnloggedContent(RelationSegment relation, Path onDisk) {
        return relation.locator().database() != 0
                && relation.fork() != ForkNumber.INIT
                && Files.exists(onDisk.resolveSibling(RelationNames.initFork(relation)));
    }

    private Optional<SourceEntry> walEntry(FilePath path, FileStat stat) {
        if (stat.isDirectory() && LeftOut.content(path)) {
            return Optional.of(new SourceDirectory(path, stat));
        }
        return stat.isFile() && wal.belongs(path.name())
                ? Optional.of(new SourceFile(path, stat, null))
                : Optional.empty();
    }

    private Optional<SourceEntry> link(FilePath path, Path onDisk, FileStat stat) throws IOException {
        if (path.equals(WAL)) {
            levels.push(Level.open(path, source.wal()));
            return Optional.of(new SourceLink(path, stat, LinkTarget.of(source.wal())));
        }
        if (path.isDirectlyBelow(TABLESPACES)) {
            return Optional.of(tablespaceLink(path, onDisk, stat));
        }
        if (path.isAtTop() && LeftOut.content(path)) {
            // such as a pg_stat_tmp in memory: a server needs the directory, not what is in it
            return Optional.of(new SourceDirectory(path, FileStat.of(onDisk.toRealPath())));
        }
        if (LeftOut.isPostgresOwn(path)) {
            throw new RefusedForSafety(
                    onDisk + " is a link, and PostgreSQL's own files lie behind it",
                    "only pg_wal and tablespaces may be links; move the files back");
        }
        warnings.accept(onDisk + " is a link; what lies behind it is not backed up");
        return Optional.of(new SourceLink(path, stat, LinkTarget.ofLink(onDisk)));
    }

    private SourceEntry tablespaceLink(FilePath path, Path onDisk, FileStat stat) throws IOException {
        for (TablespaceSource tablespace : source.tablespaces()) {
            if (tablespace.link().equals(path)) {
                levels.push(Level.ofOne(path, tablespace.content()));
                return new SourceLink(path, stat, LinkTarget.of(tablespace.location()));
            }
        }
        throw new RefusedForSafety(onDisk + " appeared while the directory was read: it is not stopped");
    }

    /** A directory being read. */
    private static final class Level {
        private final @Nullable FilePath path;
        private final Iterator<Path> entries;
        private final @Nullable DirectoryStream<Path> stream;

        private Level(@Nullable FilePath path, Iterator<Path> entries, @Nullable DirectoryStream<Path> stream) {
            this.path = path;
            this.entries = entries;
            this.stream = stream;
        }

        // closed by close(), which the walk calls for every level
        @SuppressWarnings("StreamResourceLeak")
        static Level open(@Nullable FilePath path, Path directory) throws IOException {
            DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
            return new Level(path, stream.iterator(), stream);
        }

        static Level ofOne(FilePath path, Path entry) {
            return new Level(path, List.of(entry).iterator(), null);
        }

        @Nullable
        Path next() throws IOException {
            try {
                return entries.hasNext() ? entries.next() : null;
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }

        void close() throws IOException {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
