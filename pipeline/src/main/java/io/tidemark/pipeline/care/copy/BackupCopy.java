package io.tidemark.pipeline.care.copy;

import io.tidemark.pipeline.care.check.store.BackupClosure;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CopyReceipt;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The copy of one whole backup: an intent, its packs, and the manifest, when everything that it names is there. */
final class BackupCopy {
    private static final int MOST_NAMED = 5;

    private final Route route;
    private final SystemIdentifier system;
    private final ManifestLine.Header header;
    private final BackupClosure closure;

    BackupCopy(Route route, SystemOf system, Backup backup, ManifestLine.Header header) {
        this.route = route;
        this.system = system.system();
        this.header = header;
        this.closure =
                new BackupClosure(route.from(), system, backup, route.to().store());
    }

    /** Counts what would be copied. */
    Mono<Void> plan() {
        return whereItIsWanted(route.planned(packs()).then(manifestThere().flatMap(there -> {
            if (there || !route.share().isWhole()) {
                return Mono.<Void>empty();
            }
            route.count().backup(header.label());
            return route.planned(sourceManifest().flux());
        })));
    }

    /** Copies what is missing of it. What cannot be copied is counted as a problem; fails as the stores do. */
    Mono<Void> run() {
        return manifestThere()
                .flatMap(there -> {
                    Mono<Void> announced = there ? Mono.empty() : new CopyIntent(route, system, header).keep();
                    return announced.then(whereItIsWanted(route.copied(packs().delayUntil(pack -> announced))
                            .then(there || !route.share().isWhole() ? Mono.empty() : publish())));
                })
                .onErrorResume(BackupCopy::isDamage, why -> problem(String.valueOf(why.getMessage())));
    }

    private Mono<Void> problem(String why) {
        return Mono.fromRunnable(() -> route.count().problem(manifest(), why));
    }

    private static boolean isDamage(Throwable error) {
        return error instanceof ForeignObject || error instanceof IntegrityFailed;
    }

    private ObjectName manifest() {
        return ObjectNames.manifest(system, header.label());
    }

    private Mono<StoredObject> sourceManifest() {
        return route.from().store().stat(manifest());
    }

    private Mono<Boolean> manifestThere() {
        return route.to().store().stat(manifest()).hasElement();
    }

    /** Not where somebody is removing it; asked after the intent was put, as every backup asks for its parent. */
    private Mono<Void> whereItIsWanted(Mono<Void> work) {
        return Flux.just(route.from(), route.to())
                .concatMap(repository -> repository
                        .store()
                        .stat(ObjectNames.tombstone(system, header.label()))
                        .map(tombstone -> "it is being removed in " + repository))
                .next()
                .doOnNext(why -> route.count().leftOut(header.label(), why))
                .hasElement()
                .flatMap(removed -> removed ? Mono.empty() : work);
    }

    /** Those that the target lacks of what the manifest names, this backup's and older ones'. */
    private Flux<StoredObject> packs() {
        return closure.packs().flatMapMany(packs -> {
            Set<ObjectName> named = packs.stream()
                    .map(pack -> ObjectNames.pack(system, pack.label(), pack.number()))
                    .collect(Collectors.toSet());
            return Flux.fromIterable(labels(packs))
                    .concatMap(
                            label -> Missing.of(
                                    route.from().store(), route.to().store(), ObjectNames.packPrefix(system, label)),
                            1)
                    .filter(object ->
                            named.contains(object.name()) && route.share().has(object.name()));
        });
    }

    private static Set<BackupLabel> labels(List<ManifestLine.Pack> packs) {
        Set<BackupLabel> labels = new TreeSet<>();
        packs.forEach(pack -> labels.add(pack.label()));
        return labels;
    }

    private Mono<Void> publish() {
        return closure.missing().collectList().flatMap(missing -> missing.isEmpty() ? put() : problem(lacks(missing)));
    }

    private Mono<Void> put() {
        return sourceManifest()
                .flatMap(route.copy()::of)
                .doOnNext(receipt -> {
                    route.count().add(receipt);
                    if (receipt instanceof CopyReceipt.Copied) {
                        route.count().backup(header.label());
                    }
                })
                .then();
    }

    private String lacks(List<String> missing) {
        return route.to() + " lacks what the backup needs, so it is not published there: "
                + String.join(", ", missing.subList(0, Math.min(MOST_NAMED, missing.size())))
                + (missing.size() > MOST_NAMED ? ", and " + (missing.size() - MOST_NAMED) + " more" : "");
    }
}
