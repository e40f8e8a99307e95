package io.tidemark.pipeline.care.repair;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.care.check.store.BackupClosure;
import io.tidemark.pipeline.care.info.RepositoryInventory;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where a store locks objects: everything that a kept backup refers to is locked for the whole time again, packs of older
 * backups as well. An object is locked when it is put, and a backup that is made much later may still need it.
 *
 * <p>That is: marker and keyset generations; of each backup that nobody is removing its manifest, the packs that it names and the
 * captures; history files, and WAL from the start of the oldest of these backups on. How long each is locked already is not asked:
 * a store only ever extends.
 */
public final class LockExtension {
    private static final int AT_ONCE = 8;

    private final Clock clock;

    public LockExtension(Clock clock) {
        this.clock = clock;
    }

    /** Nothing is asked of a store that does not lock. What is refused or missing is counted; otherwise fails as stores do. */
    public Mono<LockReport> run(Repository repository) {
        return Mono.defer(() -> {
            RepairCount count = new RepairCount();
            if (repository.store().capabilities().retention().isZero()) {
                return Mono.just(count.locks(repository.name()));
            }
            Instant until =
                    clock.instant().plus(repository.store().capabilities().retention());
            return needed(repository)
                    .flatMap(name -> locked(repository, name, until, count), AT_ONCE)
                    .then(Mono.fromSupplier(() -> count.locks(repository.name())));
        });
    }

    private static Mono<Void> locked(Repository repository, ObjectName name, Instant until, RepairCount count) {
        return repository
                .store()
                .retain(name, until)
                .then(Mono.<Void>fromRunnable(count::locked))
                .onErrorResume(
                        error -> error instanceof AccessRefused || error instanceof ObjectMissing,
                        why -> Mono.fromRunnable(() -> count.refused(name.value(), why)));
    }

    private static Flux<ObjectName> needed(Repository repository) {
        return Flux.concat(
                Flux.just(ObjectNames.MARKER),
                names(repository, ObjectNames.KEYS),
                new RepositoryInventory()
                        .of(repository)
                        .flatMapIterable(info -> info.systems())
                        .concatMap(system -> ofSystem(repository, system), 1));
    }

    private static Flux<ObjectName> ofSystem(Repository repository, SystemOf system) {
        return Flux.fromIterable(system.backups())
                .filter(backup -> backup.state() == State.COMPLETE)
                .filterWhen(backup -> repository
                        .store()
                        .stat(ObjectNames.tombstone(system.system(), backup.label()))
                        .hasElement()
                        .map(removed -> !removed))
                .collectList()
                .flatMapMany(kept -> kept.isEmpty()
                        ? Flux.empty()
                        : Flux.concat(
                                ofBackups(repository, system, kept),
                                names(repository, system.system() + "/tde/"),
                                names(repository, system.system() + "/tde-keys/"),
                                wal(repository, system, kept)));
    }

    /** Packs that several backups share are locked once. */
    private static Flux<ObjectName> ofBackups(Repository repository, SystemOf system, List<Backup> kept) {
        return Flux.fromIterable(kept)
                .concatMap(
                        backup -> new BackupClosure(repository, system, backup, repository.store())
                                .packs()
                                .flatMapIterable(packs -> packs)
                                .map(pack -> ObjectNames.pack(system.system(), pack.label(), pack.number()))
                                .concatWithValues(ObjectNames.manifest(system.system(), backup.label())),
                        1)
                .distinct();
    }

    private static Flux<ObjectName> wal(Repository repository, SystemOf system, List<Backup> kept) {
        WalSegmentName first = kept.stream()
                .map(Backup::header)
                .filter(Objects::nonNull)
                .map(LockExtension::start)
                .min(WalSegmentName::compareTo)
                .orElseThrow();
        return names(repository, ObjectNames.walPrefix(system.system())).filter(name -> isNotBefore(first, name));
    }

    /** As if it lay on the first timeline: positions are compared, whatever the way to them was. */
    private static WalSegmentName start(ManifestLine.Header header) {
        return WalSegmentName.of(
                TimelineId.FIRST, header.redo(), header.cluster().segmentSize());
    }

    private static boolean isNotBefore(WalSegmentName first, ObjectName name) {
        WalSegmentName segment =
                ObjectNames.parse(name).map(LockExtension::segment).orElse(null);
        return segment == null || segment.withTimeline(TimelineId.FIRST).compareTo(first) >= 0;
    }

    private static @Nullable WalSegmentName segment(CatalogName name) {
        if (name instanceof CatalogName.Again again) {
            return segment(again.original());
        }
        if (name instanceof CatalogName.Segment segment) {
            return segment.segment();
        }
        return name instanceof CatalogName.AsFound asFound ? asFound.segment() : null;
    }

    private static Flux<ObjectName> names(Repository repository, String prefix) {
        return repository.store().list(prefix).map(StoredObject::name);
    }
}
