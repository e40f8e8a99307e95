package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last look at what a server sent: every file is compared with the server's own manifest, none more and none less, and pages that may
 * be torn are judged, now that the stop is known.
 */
final class OnlineClosing implements Closing {
    private final Header header;
    private final OnlineReading reading;
    private final ServerManifest manifest;
    private EntrySort.@Nullable Merge said;

    OnlineClosing(Header header, OnlineReading reading, ServerManifest manifest) {
        this.header = header;
        this.reading = reading;
        this.manifest = manifest;
    }

    @Override
    public Header header() {
        return header;
    }

    @Override
    public List<Tablespace> tablespaces() {
        return reading.tablespaces();
    }

    @Override
    public StoredFile judged(StoredFile file) {
        return reading.torn().judged(file, header.stop().lsn());
    }

    @Override
    public void require(ManifestLine.Entry entry, Evidence evidence) throws IOException {
        if (entry instanceof StoredFile && !entry.path().equals(ServerManifest.PATH)) {
            SortedEntry next = nextOfManifest().orElse(null);
            if (next == null || !next.path().equals(entry.path())) {
                throw new IntegrityFailed("the server sent "
                        + (next == null || next.path().compareTo(entry.path()) > 0
                                ? entry.path() + ", which its manifest does not name"
                                : "no " + next.path() + ", which its manifest names"));
            }
            requireEqual(entry.path(), evidence, next.evidence());
        }
    }

    @Override
    public void requireWhole(Footer footer) throws IOException {
        Optional<SortedEntry> more = nextOfManifest();
        if (more.isPresent()) {
            throw new IntegrityFailed("the server sent no " + more.get().path() + ", which its manifest names");
        }
    }

    /** The next one that is an entry of the backup too; what is kept in the header is compared on the way. */
    private Optional<SortedEntry> nextOfManifest() throws IOException {
        EntrySort.Merge sorted = said;
        if (sorted == null) {
            sorted = manifest.sorted();
            said = sorted;
        }
        while (true) {
            Optional<SortedEntry> next = sorted.next();
            Optional<Evidence.Sent> aside =
                    next.flatMap(entry -> reading.aside().sent(entry.path()));
            if (aside.isEmpty()) {
                return next;
            }
            requireEqual(
                    next.orElseThrow().path(), aside.get(), next.orElseThrow().evidence());
        }
    }

    private static void requireEqual(FilePath path, Evidence arrived, Evidence said) {
        if (!arrived.equals(said)) {
            throw new IntegrityFailed(
                    path + " is not what the server's manifest says: " + arrived + " arrived, it names " + said,
                    "start the backup again; if it happens again, look at the server's memory and network");
        }
    }
}
