package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files below one directory, reached step by step without following a link ({@code openat} with {@code O_NOFOLLOW}), so that whatever
 * stands on the way, nothing outside is written. The edge at which paths of a manifest become files. Blocks: for the scheduler of files.
 */
final class SafeDirectory {
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> OVER = Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);

    private final Path base;
    private final TargetDirectory.Start start;
    private final WritingGate gate;

    /** With a gate of its own, which stays open. */
    SafeDirectory(Path base, TargetDirectory.Start start) {
        this(base, start, new WritingGate());
    }

    /** @param gate of the restore: when it is shut, no file is changed any more */
    SafeDirectory(Path base, TargetDirectory.Start start, WritingGate gate) {
        this.base = base;
        this.start = start;
        this.gate = gate;
    }

    /** A file that is being written, and the directory that it lies in. */
    static final class OpenFile implements AutoCloseable {
        private final SecureDirectoryStream<Path> parent;
        private final Path name;
        private final FileChannel channel;
        private final WritingGate gate;

        private OpenFile(SecureDirectoryStream<Path> parent, Path name, FileChannel channel, WritingGate gate) {
            this.parent = parent;
            this.name = name;
            this.channel = channel;
            this.gate = gate;
        }

        /** All that the buffer has, from a position of the file on. */
        void write(ByteBuffer from, long at) throws IOException {
            gate.through(() -> {
                long position = at;
                while (from.hasRemaining()) {
                    position += channel.write(from, position);
                }
                return position;
            });
        }

        /** Mode and time are set, whatever the umask, and everything is durable but the name. */
        void finish(FileMode mode, Instant modified) throws IOException {
            gate.through(() -> {
                finishOpen(mode, modified);
                return mode;
            });
        }

        private void finishOpen(FileMode mode, Instant modified) throws IOException {
            PosixFileAttributeView view =
                    parent.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setPermissions(fileMode(mode));
            FileTime time = FileTime.from(modified);
            view.setTimes(time, time, null);
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            try (SecureDirectoryStream<Path> closed = parent;
                    FileChannel alsoClosed = channel) {
                return;
            }
        }
    }

    /** Only as much as PostgreSQL needs: owner and, where the backup had it, group; never set-id, never others. */
    private static Set<PosixFilePermission> fileMode(FileMode mode) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(OWNER_FILE);
        permissions.addAll(new FileMode(mode.bits() & 0750).permissions());
        return permissions;
    }

    private static Set<PosixFilePermission> directoryMode(FileMode mode) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(OWNER_DIRECTORY);
        permissions.addAll(new FileMode(mode.bits() & 0750).permissions());
        return permissions;
    }

    /** @throws IOException where something stands there, or a part on the way is no directory */
    OpenFile create(FilePath path) throws IOException {
        return gate.through(() -> opened(path));
    }

    private OpenFile opened(FilePath path) throws IOException {
        Path file = path.under(base);
        SecureDirectoryStream<Path> parent = parentOf(file);
        try {
            Path name = file.getFileName();
            if (start != TargetDirectory.Start.FRESH) {
                requireFileOrNothing(parent, name, path);
            }
            SeekableByteChannel channel = parent.newByteChannel(
                    name,
                    start == TargetDirectory.Start.FRESH ? NEW : OVER,
                    PosixFilePermissions.asFileAttribute(OWNER_FILE));
            return new OpenFile(parent, name, (FileChannel) channel, gate);
        } catch (IOException | RuntimeException e) {
            parent.close();
            throw e;
        }
    }

    /** A small file, whole and durable but for its name. */
    void write(FilePath path, byte[] content) throws IOException {
        try (OpenFile file = create(path)) {
            fill(file, content);
        }
    }

    /** The same over a file that this restore has put there. */
    void replace(FilePath path, byte[] content) throws IOException {
        try (OpenFile file = new SafeDirectory(base, TargetDirectory.Start.AGAIN, gate).create(path)) {
            fill(file, content);
        }
    }

    private static void fill(OpenFile file, byte[] content) throws IOException {
        file.write(ByteBuffer.wrap(content), 0);
        file.channel.force(true);
    }

    private static void requireFileOrNothing(SecureDirectoryStream<Path> parent, Path name, FilePath path)
            throws IOException {
        BasicFileAttributes found;
        try {
            found = parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return;
        }
        if (!found.isRegularFile()) {
            throw new IOException("'" + path + "' is there and no regular file");
        }
    }

    // given to the caller, who closes it
    @SuppressWarnings("StreamResourceLeak")
    private SecureDirectoryStream<Path> parentOf(Path file) throws IOException {
        SecureDirectoryStream<Path> at = secure(Files.newDirectoryStream(base));
        Path relative = base.relativize(file);
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            try (SecureDirectoryStream<Path> above = at) {
                at = above.newDirectoryStream(relative.getName(i), LinkOption.NOFOLLOW_LINKS);
            }
        }
        return at;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("this platform has no openat(): files cannot be written safely");
    }

    /** The directory itself, where it is not there yet. */
    void createBase() throws IOException {
        makeDirectory(base);
    }

    /** One directory; its parent is there. */
    void createDirectory(FilePath path) throws IOException {
        Path directory = path.under(base);
        requireRealParents(directory);
        makeDirectory(directory);
    }

    private void makeDirectory(Path directory) throws IOException {
        boolean there = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
        boolean mayBe = start != TargetDirectory.Start.FRESH || directory.equals(base);
        if (there && mayBe && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            setMode(directory, OWNER_DIRECTORY);
            return;
        }
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
    }

    /** A link in a directory of ours; one that an interrupted restore made is made anew. */
    void createLink(FilePath path, Path target) throws IOException {
        Path link = path.under(base);
        requireRealParents(link);
        if (start != TargetDirectory.Start.FRESH && Files.isSymbolicLink(link)) {
            Files.delete(link);
        }
        Files.createSymbolicLink(link, target);
    }

    private void requireRealParents(Path path) throws IOException {
        Path relative = base.relativize(path);
        Path at = base;
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            at = at.resolve(relative.getName(i));
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("'" + at + "' is no directory of this restore");
            }
        }
    }

    /** Sets the final mode of a directory and makes the names in it durable. Last of all, for it may take away the right to write. */
    void finishDirectory(Path directory, FileMode mode) throws IOException {
        setMode(directory, directoryMode(mode));
        sync(directory);
    }

    /** A directory of ours and the files and links in it; directories in it must be gone already. */
    void removeDirectory(FilePath path) throws IOException {
        Path directory = path.under(base);
        try (SecureDirectoryStream<Path> parent = parentOf(directory)) {
            try (SecureDirectoryStream<Path> inside =
                    parent.newDirectoryStream(directory.getFileName(), LinkOption.NOFOLLOW_LINKS)) {
                removeFiles(inside, "");
            }
            parent.deleteDirectory(directory.getFileName());
        }
    }

    /** Files and links that lie in the directory itself; links are not followed. */
    void removeFiles() throws IOException {
        removeFilesBut("");
    }

    // closed: secure() gives back what it was given, or closes it
    @SuppressWarnings("StreamResourceLeak")
    void removeFilesBut(String kept) throws IOException {
        try (SecureDirectoryStream<Path> inside = secure(Files.newDirectoryStream(base))) {
            removeFiles(inside, kept);
        }
    }

    private static void removeFiles(SecureDirectoryStream<Path> directory, String kept) throws IOException {
        for (Path entry : directory) {
            Path name = entry.getFileName();
            boolean nested = directory
                    .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
            if (!nested && !name.toString().equals(kept)) {
                directory.deleteFile(name);
            }
        }
    }

    private static void setMode(Path directory, Set<PosixFilePermission> permissions) throws IOException {
        Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setPermissions(permissions);
    }

    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }
}
