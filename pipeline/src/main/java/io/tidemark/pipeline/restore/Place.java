package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.nio.file.Path;

/**
 * A directory outside the data directory that a link in it leads to.
 *
 * @param link where the link stands, {@code pg_tblspc/16400} or {@code pg_wal}
 * @param origin where it led on the origin
 * @param directory where it will lead: absolute, links on the way resolved
 * @param mode of that directory
 */
record Place(FilePath link, Path origin, Path directory, FileMode mode) {
    boolean isWal() {
        return link.equals(RestoredPaths.WAL);
    }

    /** The tablespace's oid. */
    long oid() {
        return Long.parseLong(link.name());
    }
}
