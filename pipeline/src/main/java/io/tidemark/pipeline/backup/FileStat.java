package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * What the file system says of one name, no link followed: enough to see that a file was touched. Two equal ones are
 * taken for the same content, which holds for a directory that no server writes.
 *
 * @param mode type and permission bits, as {@code stat} has them
 */
record FileStat(long device, long inode, int mode, long size, Instant modified) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    static FileStat of(Path path) throws IOException {
        Map<String, Object> found =
                Files.readAttributes(path, "unix:dev,ino,mode,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        return new FileStat(
                ((Number) present(found, "dev")).longValue(),
                ((Number) present(found, "ino")).longValue(),
                ((Number) present(found, "mode")).intValue(),
                ((Number) present(found, "size")).longValue(),
                ((FileTime) present(found, "lastModifiedTime")).toInstant());
    }

    /** As a server told it, of a file that is not on this machine. */
    static FileStat ofServer(TarEntry.Kind kind, int permissions, long size, Instant modified) {
        int type = switch (kind) {
            case FILE -> REGULAR;
            case DIRECTORY -> DIRECTORY;
            case LINK -> LINK;
        };
        return new FileStat(0, 0, type | permissions, size, modified);
    }

    boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    boolean isFile() {
        return (mode & TYPE) == REGULAR;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    boolean isSameFile(FileStat other) {
        return device == other.device && inode == other.inode;
    }

    FileMode permissions() {
        return new FileMode(mode & 07777);
    }

    private static Object present(Map<String, Object> found, String name) {
        Object value = found.get(name);
        if (value == null) {
            throw new IllegalStateException("a file system without " + name + ", which every Unix has");
        }
        return value;
    }
}
