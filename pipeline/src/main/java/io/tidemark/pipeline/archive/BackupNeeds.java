package io.tidemark.pipeline.archive;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestReader;
import io.tidemark.sinks.ObjectName;
import reactor.core.publisher.Mono;

/** Up to where the backups in a repository need its WAL, or prove that it was there: that can be lost, but never absent. */
final class BackupNeeds {
    private final Repository repository;
    private final SystemIdentifier system;
    private final WalSegmentSize size;

    BackupNeeds(Repository repository, SystemIdentifier system, WalSegmentSize size) {
        this.repository = repository;
        this.system = system;
        this.size = size;
    }

    /**
     * The name of a manifest that needs the segment; empty where none does. Reads the first line of each manifest; fails
     * where one cannot be read, for it may be the one.
     */
    Mono<ObjectName> needing(WalSegmentName segment) {
        return repository
                .store()
                .list(ObjectNames.backupPrefix(system))
                .map(object -> object.name())
                .filter(name -> ObjectNames.parse(name)
                        .filter(parsed -> parsed instanceof CatalogName.Manifest)
                        .isPresent())
                .concatMap(
                        name -> header(name)
                                .filter(header -> needs(header, segment))
                                .map(header -> name),
                        1)
                .next();
    }

    private Mono<ManifestLine.Header> header(ObjectName manifest) {
        return ManifestReader.lines(repository.objects().file(manifest), manifest.value())
                .next()
                .ofType(ManifestLine.Header.class);
    }

    /**
     * A backup proves that the WAL before it was written: who starts from an older backup needs it, so that it is lost
     * where it is missing. A stopped directory's backup holds its own WAL from the redo point on, and its last segment
     * is archived only after the server has gone on.
     */
    private boolean needs(ManifestLine.Header header, WalSegmentName segment) {
        if (!header.timeline().equals(segment.timeline())) {
            return false;
        }
        return header.origin() == BackupOrigin.STOPPED
                ? !segment.end(size).isAfter(header.redo())
                : segment.start(size).isBefore(header.stop().lsn());
    }
}
