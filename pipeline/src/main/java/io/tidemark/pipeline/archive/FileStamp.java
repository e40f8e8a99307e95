package io.tidemark.pipeline.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/** What tells a file from another one under the same name, and from itself after it was written to. */
record FileStamp(long sizeBytes, FileTime modified, long device, long inode) {

    /** @throws IOException also for what is no regular file, links included: PostgreSQL makes none in pg_wal */
    static FileStamp of(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(
                path, "unix:size,lastModifiedTime,dev,ino,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        if (!Boolean.TRUE.equals(found.get("isRegularFile"))) {
            throw new IOException("no regular file");
        }
        return new FileStamp(
                ((Number) value(found, "size")).longValue(),
                (FileTime) value(found, "lastModifiedTime"),
                ((Number) value(found, "dev")).longValue(),
                ((Number) value(found, "ino")).longValue());
    }

    private static Object value(Map<String, Object> found, String name) {
        Object value = found.get(name);
        if (value == null) {
            throw new IllegalStateException("the file system does not tell " + name);
        }
        return value;
    }
}
