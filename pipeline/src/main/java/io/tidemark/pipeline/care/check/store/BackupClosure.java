package io.tidemark.pipeline.care.check.store;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestReader;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether a repository has all that one of its backups refers to: packs with their lengths, captures, and the WAL from its
 * redo point to its stop. By the head of the manifest and listings; memory grows with the number of packs. What is in the
 * objects is not read: that is the work of verify.
 */
public final class BackupClosure {
    private final Repository repository;
    private final SystemOf system;
    private final Backup backup;
    private final ObjectStore looked;

    BackupClosure(Repository repository, SystemOf system, Backup backup) {
        this(repository, system, backup, repository.store());
    }

    /**
     * @param repository where the manifest is read
     * @param looked where everything has to be; it need not have the manifest yet
     */
    public BackupClosure(Repository repository, SystemOf system, Backup backup, ObjectStore looked) {
        this.repository = repository;
        this.system = system;
        this.backup = backup;
        this.looked = looked;
    }

    /** The packs that the manifest names, of this backup and of those that it builds on. */
    public Mono<List<ManifestLine.Pack>> packs() {
        return head().map(head -> head.packs);
    }

    /** What is missing or has another length, one text each; none where the backup is whole. Errors are the store's. */
    public Flux<String> missing() {
        return head().flatMapMany(head -> Flux.concat(packs(head), captures(head), wal()));
    }

    private SystemIdentifier id() {
        return system.system();
    }

    /** The lines before the files; the rest of the manifest is not asked for. */
    private Mono<Head> head() {
        ObjectName name = ObjectNames.manifest(id(), backup.label());
        return ManifestReader.lines(repository.objects().file(name), name + " in " + repository)
                .takeWhile(line -> switch (line.kind()) {
                    case HEADER, ABANDONED, PACK, TABLESPACE, CAPTURE -> true;
                    case FILE, FOOTER -> false;
                })
                .collect(Head::new, Head::add);
    }

    private Flux<String> packs(Head head) {
        return Flux.fromIterable(head.labels)
                .concatMap(label -> looked.list(ObjectNames.packPrefix(id(), label)))
                .collect(() -> new Lengths(head.packs), Lengths::seen)
                .flatMapIterable(lengths -> lengths.faults(id()));
    }

    private Flux<String> captures(Head head) {
        return Flux.fromIterable(head.captures)
                .map(capture -> ObjectNames.capture(id(), capture.node(), capture.capture()))
                .concatMap(this::ifMissing);
    }

    /** Of a stopped directory the WAL is among the backup's files. */
    private Flux<String> wal() {
        ManifestLine.Header header = backup.header();
        if (header == null || header.origin() == BackupOrigin.STOPPED) {
            return Flux.empty();
        }
        WalSegmentSize size = header.cluster().segmentSize();
        WalSegmentName first = WalSegmentName.of(header.timeline(), header.redo(), size);
        WalSegmentName last =
                WalSegmentName.of(header.timeline(), header.stop().lsn().plus(-1), size);
        return Flux.<WalSegmentName, WalSegmentName>generate(() -> first, (segment, sink) -> {
                    if (segment.compareTo(last) > 0) {
                        sink.complete();
                    } else {
                        sink.next(segment);
                    }
                    return segment.next(size);
                })
                .bufferUntilChanged(WalSegmentName::run)
                .concatMap(this::ofRun, 1);
    }

    /** Segments of one directory: one listing of it. */
    private Flux<String> ofRun(List<WalSegmentName> needed) {
        return looked.list(ObjectNames.runPrefix(id(), needed.get(0)))
                .collect(TreeSet<WalSegmentName>::new, (there, object) -> whole(object, there))
                .flatMapIterable(there -> needed.stream()
                        .filter(segment -> !there.contains(segment))
                        .toList())
                .concatMap(this::onALaterTimeline);
    }

    private static void whole(StoredObject object, TreeSet<WalSegmentName> there) {
        ObjectNames.parse(object.name()).ifPresent(name -> {
            CatalogName file = name instanceof CatalogName.Again again ? again.original() : name;
            if (file instanceof CatalogName.Segment segment) {
                there.add(segment.segment());
            } else if (file instanceof CatalogName.AsFound asFound) {
                there.add(asFound.segment());
            }
        });
    }

    /** A standby's backup may go on where its source was promoted: recovery then reads the newer timeline's file. */
    private Flux<String> onALaterTimeline(WalSegmentName segment) {
        return Flux.fromIterable(system.timelines())
                .map(Timeline::timeline)
                .filter(timeline -> timeline.compareTo(segment.timeline()) > 0)
                .concatMap(timeline -> looked.stat(onTimeline(segment, timeline)))
                .hasElements()
                .flatMapMany(there -> there ? Flux.empty() : Flux.just("WAL segment " + segment));
    }

    private ObjectName onTimeline(WalSegmentName segment, TimelineId timeline) {
        return ObjectNames.segment(id(), segment.withTimeline(timeline));
    }

    private Mono<String> ifMissing(ObjectName name) {
        return looked.stat(name).hasElement().flatMap(there -> there ? Mono.empty() : Mono.just(name.value()));
    }

    /** What a manifest's head says that the backup needs. */
    private static final class Head {
        private final List<ManifestLine.Pack> packs = new ArrayList<>();
        private final List<ManifestLine.Capture> captures = new ArrayList<>();
        private final TreeSet<BackupLabel> labels = new TreeSet<>();

        void add(ManifestLine line) {
            if (line instanceof ManifestLine.Pack pack) {
                packs.add(pack);
                labels.add(pack.label());
            } else if (line instanceof ManifestLine.Capture capture) {
                captures.add(capture);
            }
        }
    }

    /** Takes the packs off the list as they are seen: what stays is missing. */
    private static final class Lengths {
        private final Map<ManifestLine.Pack, Long> wrong = new HashMap<>();
        private final Map<String, ManifestLine.Pack> expected = new HashMap<>();

        Lengths(List<ManifestLine.Pack> packs) {
            packs.forEach(pack -> expected.put(pack.label() + "/" + pack.number(), pack));
        }

        void seen(StoredObject object) {
            if (ObjectNames.parse(object.name()).orElse(null) instanceof CatalogName.Pack name) {
                ManifestLine.Pack pack = expected.remove(name.label() + "/" + name.number());
                if (pack != null && pack.objectLength() != object.sizeBytes()) {
                    wrong.put(pack, object.sizeBytes());
                }
            }
        }

        List<String> faults(SystemIdentifier system) {
            List<String> faults = new ArrayList<>();
            expected.values().forEach(pack -> faults.add(name(system, pack)));
            wrong.forEach((pack, length) ->
                    faults.add(name(system, pack) + " (" + length + " bytes, not " + pack.objectLength() + ")"));
            faults.sort(null);
            return faults;
        }

        private static String name(SystemIdentifier system, ManifestLine.Pack pack) {
            return ObjectNames.pack(system, pack.label(), pack.number()).value();
        }
    }
}
