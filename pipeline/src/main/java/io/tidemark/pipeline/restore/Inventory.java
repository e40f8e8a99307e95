package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.sinks.StoredObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What one listing of a repository shows: backups, history files, WAL. By names only: nothing of it has been opened.
 * One thread at a time; complete when the listing is.
 */
final class Inventory {
    private final SortedMap<SystemIdentifier, OfSystem> systems = new TreeMap<>();

    /** What belongs to one system identifier. */
    static final class OfSystem {
        private final SystemIdentifier system;
        private final SortedMap<BackupLabel, Long> manifests = new TreeMap<>();
        private final SortedSet<BackupLabel> tombstones = new TreeSet<>();
        private final SortedSet<TimelineId> histories = new TreeSet<>();
        private final Map<TimelineId, SegmentRuns> wal = new HashMap<>();
        private final SortedSet<WalSegmentName> asFound = new TreeSet<>();

        OfSystem(SystemIdentifier system) {
            this.system = system;
        }

        SystemIdentifier system() {
            return system;
        }

        /** Backups that are whole, and the sealed length of their manifests. */
        SortedMap<BackupLabel, Long> manifests() {
            return manifests;
        }

        /** Backups of which somebody said that they shall go. */
        SortedSet<BackupLabel> tombstones() {
            return tombstones;
        }

        SortedSet<TimelineId> histories() {
            return histories;
        }

        Map<TimelineId, SegmentRuns> wal() {
            return wal;
        }

        /** A few of the segments that are there under pg_tde's encryption only as they were found. */
        SortedSet<WalSegmentName> asFound() {
            return asFound;
        }

        SegmentRuns runs(TimelineId timeline) {
            return wal.computeIfAbsent(timeline, t -> new SegmentRuns());
        }
    }

    /** Emits once, when everything was listed. */
    static Mono<Inventory> of(Flux<StoredObject> listing) {
        return listing.collect(Inventory::new, Inventory::add);
    }

    SortedMap<SystemIdentifier, OfSystem> systems() {
        return systems;
    }

    private OfSystem of(SystemIdentifier system) {
        return systems.computeIfAbsent(system, OfSystem::new);
    }

    void add(StoredObject object) {
        Optional<CatalogName> name = ObjectNames.parse(object.name());
        name.ifPresent(known -> add(known, object.sizeBytes()));
    }

    /** Names that say nothing about what can be restored are passed over: packs are looked up by who needs them. */
    private void add(CatalogName name, long sizeBytes) {
        if (name instanceof CatalogName.Segment segment) {
            of(segment.system()).runs(segment.segment().timeline()).add(segment.segment(), sizeBytes);
        } else if (name instanceof CatalogName.History history) {
            of(history.system()).histories().add(history.timeline());
        } else if (name instanceof CatalogName.Again again) {
            add(again.original(), sizeBytes);
        } else if (name instanceof CatalogName.Manifest manifest) {
            of(manifest.system()).manifests().put(manifest.label(), sizeBytes);
        } else if (name instanceof CatalogName.Tombstone tombstone) {
            of(tombstone.system()).tombstones().add(tombstone.label());
        } else if (name instanceof CatalogName.AsFound asFound) {
            remember(of(asFound.system()).asFound(), asFound.segment());
        }
    }

    private static void remember(SortedSet<WalSegmentName> some, WalSegmentName segment) {
        if (some.size() < 100) {
            some.add(segment);
        }
    }
}
