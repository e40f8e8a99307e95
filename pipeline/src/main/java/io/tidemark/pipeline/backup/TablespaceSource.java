package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A tablespace that is a link in {@code pg_tblspc}.
 *
 * @param location where the link leads, all links resolved
 * @param content the directory of this server's version in it, all links resolved: what is backed up
 * @param inside where the location lies below the data directory, if it does
 */
record TablespaceSource(
        long oid,
        Path location,
        Path content,
        FileStat stat,
        @Nullable FilePath inside) {
    FilePath link() {
        return FilePath.of("pg_tblspc/" + oid);
    }
}
