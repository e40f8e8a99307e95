package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredDirectory;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last look at a stopped directory: no entry was touched, no server ran, and all that was planned is there. */
record StoppedClosing(BackupSource source, BackupPlan plan) implements Closing {
    @Override
    public Header header() {
        return plan.header();
    }

    @Override
    public List<Tablespace> tablespaces() {
        return source.tablespaces();
    }

    /** Nobody writes: a page that fails is bad. */
    @Override
    public StoredFile judged(StoredFile file) {
        return file;
    }

    @Override
    public void require(ManifestLine.Entry entry, Evidence evidence) {
        try {
            requireSame(entry, evidence);
        } catch (IOException e) {
            throw SourceFailure.ofSource(e);
        }
    }

    @Override
    public void requireWhole(Footer footer) {
        try {
            source.requireStillStopped();
        } catch (IOException e) {
            throw SourceFailure.ofSource(e);
        }
        if (footer.files() != plan.files() || footer.bytes() != plan.bytes()) {
            throw new RefusedForSafety(source.directory().root() + " had " + plan.files() + " files of " + plan.bytes()
                    + " bytes when the backup began, and " + footer.files() + " of " + footer.bytes()
                    + " when it was read: the directory is not stopped");
        }
    }

    private void requireSame(ManifestLine.Entry entry, Evidence evidence) throws IOException {
        Path onDisk = entry.path().under(source.directory().root());
        // pg_basebackup's empty directories may be links, which were looked behind
        Path looked = entry instanceof StoredDirectory && Files.isSymbolicLink(onDisk) ? onDisk.toRealPath() : onDisk;
        if (!new Evidence.Untouched(FileStat.of(looked)).equals(evidence)) {
            throw new RefusedForSafety(onDisk + " changed during the backup: the directory is not stopped");
        }
    }
}
