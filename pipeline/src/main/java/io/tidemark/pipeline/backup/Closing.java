package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import java.io.IOException;
import java.util.List;

/**
 * What is known when all of a cluster has been read, and the last look at it: each entry once more, in the order of paths, then the
 * whole. Whatever does not fit ends the backup before it has a manifest. Blocks; for one thread.
 */
interface Closing {
    Header header();

    List<Tablespace> tablespaces();

    /** The file, its pages judged by what is known now. */
    StoredFile judged(StoredFile file);

    /** Fails where the entry is not what was read. */
    void require(ManifestLine.Entry entry, Evidence evidence) throws IOException;

    /** Fails where the whole is not what was read; called once, after the last entry. */
    void requireWhole(Footer footer) throws IOException;
}
