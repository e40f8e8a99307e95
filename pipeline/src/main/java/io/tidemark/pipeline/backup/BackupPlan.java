package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import java.util.List;

/**
 * What a backup would take: nothing has been written.
 *
 * @param header as its manifest would have it
 * @param bytes of all files together, before compression
 * @param warnings entries that would not be backed up, at most {@link #MAX_WARNINGS}
 */
public record BackupPlan(
        Header header, List<Tablespace> tablespaces, long files, long directories, long bytes, List<String> warnings) {
    static final int MAX_WARNINGS = 100;

    public BackupPlan {
        tablespaces = List.copyOf(tablespaces);
        warnings = List.copyOf(warnings);
    }
}
