package io.tidemark.pipeline.care.info;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import org.jspecify.annotations.Nullable;

/**
 * One backup, by all lines of its manifest.
 *
 * @param header null for an abandoned one
 * @param storedBytes of the packs that it needs, its parents' included
 */
public record BackupDetail(
        BackupLabel label,
        ManifestLine.@Nullable Header header,
        ManifestLine.@Nullable Footer footer,
        long storedBytes) {

    /** Adds up lines as they come. One use, one thread. */
    static final class Count {
        private ManifestLine.@Nullable Header header;
        private ManifestLine.@Nullable Footer footer;
        private long storedBytes;

        void add(ManifestLine line) {
            if (line instanceof ManifestLine.Header found) {
                header = found;
            } else if (line instanceof ManifestLine.Footer found) {
                footer = found;
            } else if (line instanceof ManifestLine.Pack pack) {
                storedBytes += pack.objectLength();
            }
        }

        BackupDetail result(BackupLabel label) {
            return new BackupDetail(label, header, footer, storedBytes);
        }
    }
}
