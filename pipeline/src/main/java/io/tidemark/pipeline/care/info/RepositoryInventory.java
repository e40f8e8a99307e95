package io.tidemark.pipeline.care.info;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestReader;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.sinks.ObjectName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Counts what lies in a repository. The listings are streams; what is kept is a few numbers a timeline and a backup.
 * Errors are the store's; what a single object has to say, and does not, is part of the result.
 */
public final class RepositoryInventory {
    /** More of either than any cluster has; what is beyond is refused, before memory is taken. */
    private static final int MOST_ENTRIES = 100_000;

    /** Everything of the repository. */
    public Mono<RootInfo> of(Repository repository) {
        return Systems.of(repository.store())
                .concatMap(system -> system(repository, system), 1)
                .collectList()
                .map(systems -> new RootInfo(
                        repository.marker().cluster(),
                        repository.marker().repository(),
                        repository.keyring().generation(),
                        systems));
    }

    /** All lines of one backup's manifest, counted; empty where the repository has no manifest of that label. */
    public Mono<BackupDetail> backup(Repository repository, BackupLabel label) {
        return Systems.of(repository.store())
                .concatMap(
                        system -> repository
                                .store()
                                .stat(ObjectNames.manifest(system, label))
                                .map(object -> object.name()),
                        1)
                .next()
                .flatMap(name -> ManifestReader.lines(repository.objects().file(name), where(repository, name))
                        .collect(BackupDetail.Count::new, BackupDetail.Count::add)
                        .map(count -> count.result(label)));
    }

    private Mono<SystemOf> system(Repository repository, SystemIdentifier system) {
        return segmentSize(repository, system)
                .flatMap(size -> timelines(repository, system, size.orElse(null))
                        .flatMap(timelines -> backups(repository, system)
                                .flatMap(backups -> repository
                                        .store()
                                        .list(ObjectNames.rivalPrefix(system))
                                        .count()
                                        .map(rivals ->
                                                new SystemOf(system, size.orElse(null), timelines, backups, rivals)))));
    }

    private static Mono<Optional<WalSegmentSize>> segmentSize(Repository repository, SystemIdentifier system) {
        return repository
                .store()
                .list(ObjectNames.walPrefix(system))
                .filter(object -> ObjectNames.parse(object.name())
                        .filter(name -> name.kind() == CatalogName.Kind.SEGMENT)
                        .isPresent())
                // the first may be foreign or damaged
                .take(3)
                .concatMap(
                        object -> repository
                                .objects()
                                .facts(object.name())
                                .mapNotNull(facts -> facts.whole("segmentSize").isPresent()
                                                && WalSegmentSize.isPossible(facts.whole("segmentSize")
                                                        .getAsLong())
                                        ? new WalSegmentSize(
                                                (int) facts.whole("segmentSize").getAsLong())
                                        : null)
                                .onErrorResume(TidemarkException.class, unreadable -> Mono.empty()),
                        1)
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    private static Mono<List<Timeline>> timelines(
            Repository repository, SystemIdentifier system, @Nullable WalSegmentSize size) {
        return repository
                .store()
                .list(ObjectNames.walPrefix(system))
                .collect(
                        TreeMap<TimelineId, TimelineCount>::new,
                        (counts, object) -> ObjectNames.parse(object.name()).ifPresent(name -> {
                            TimelineId timeline = TimelineId.parse(object.name()
                                    .value()
                                    .substring(
                                            ObjectNames.walPrefix(system).length(),
                                            ObjectNames.walPrefix(system).length() + 8));
                            bounded(counts, repository)
                                    .computeIfAbsent(timeline, id -> new TimelineCount(id, size))
                                    .add(name, object.sizeBytes());
                        }))
                .map(counts ->
                        counts.values().stream().map(TimelineCount::result).toList());
    }

    private static Mono<List<Backup>> backups(Repository repository, SystemIdentifier system) {
        return repository
                .store()
                .list(ObjectNames.backupPrefix(system))
                .collect(
                        TreeMap<BackupLabel, BackupCount>::new,
                        (counts, object) -> ObjectNames.parse(object.name())
                                .ifPresent(name -> label(name)
                                        .ifPresent(label -> bounded(counts, repository)
                                                .computeIfAbsent(label, l -> new BackupCount())
                                                .add(name, object.sizeBytes()))))
                .flatMapIterable(TreeMap::entrySet)
                .concatMap(entry -> backup(repository, system, entry), 1)
                .collectList();
    }

    private static Mono<Backup> backup(
            Repository repository, SystemIdentifier system, Map.Entry<BackupLabel, BackupCount> entry) {
        BackupLabel label = entry.getKey();
        BackupCount count = entry.getValue();
        if (!count.hasManifest) {
            return Mono.just(count.result(label, null, State.UNFINISHED, null));
        }
        ObjectName name = ObjectNames.manifest(system, label);
        return ManifestReader.lines(repository.objects().file(name), where(repository, name))
                .next()
                .map(line -> line instanceof ManifestLine.Header header
                        ? count.result(label, header, State.COMPLETE, null)
                        : count.result(label, null, State.ABANDONED, null))
                .onErrorResume(
                        TidemarkException.class,
                        failure -> Mono.just(count.result(label, null, State.UNREADABLE, failure.getMessage())));
    }

    private static Optional<BackupLabel> label(CatalogName name) {
        return switch (name.kind()) {
            case INTENT -> Optional.of(((CatalogName.Intent) name).label());
            case PACK -> Optional.of(((CatalogName.Pack) name).label());
            case MANIFEST -> Optional.of(((CatalogName.Manifest) name).label());
            case MARKER,
                    GENERATION,
                    SEGMENT,
                    PARTIAL,
                    AS_FOUND,
                    BACKUP_HISTORY,
                    HISTORY,
                    AGAIN,
                    RIVAL,
                    STREAM_PIECE,
                    CAPTURE,
                    CAPTURE_KEYS,
                    TOMBSTONE,
                    TOMBSTONE_DECISION,
                    INDEX -> Optional.empty();
        };
    }

    private static <K, V> TreeMap<K, V> bounded(TreeMap<K, V> counts, Repository repository) {
        if (counts.size() > MOST_ENTRIES) {
            throw new IntegrityFailed(repository + " has more than " + MOST_ENTRIES + " timelines or backups");
        }
        return counts;
    }

    private static String where(Repository repository, ObjectName name) {
        return name + " in " + repository;
    }

    /** What lies under one label. */
    private static final class BackupCount {
        private boolean hasManifest;
        private long storedBytes;
        private long packs;

        void add(CatalogName name, long sizeBytes) {
            storedBytes += sizeBytes;
            hasManifest |= name.kind() == CatalogName.Kind.MANIFEST;
            packs += name.kind() == CatalogName.Kind.PACK ? 1 : 0;
        }

        Backup result(BackupLabel label, ManifestLine.@Nullable Header header, State state, @Nullable String problem) {
            return new Backup(label, header, state, problem, storedBytes, packs);
        }
    }
}
