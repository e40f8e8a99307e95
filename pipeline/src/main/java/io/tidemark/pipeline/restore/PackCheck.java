package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether every pack that a manifest names is there with the length that the manifest says; by listings, nothing is opened. */
final class PackCheck {
    private static final int MAX_NAMED = 20;

    private PackCheck() {}

    /** Completes when all are there; otherwise {@link IntegrityFailed} names those that are not. */
    static Mono<Void> run(ObjectStore store, SystemIdentifier system, Collection<ManifestLine.Pack> packs) {
        Set<BackupLabel> labels = packs.stream().map(ManifestLine.Pack::label).collect(Collectors.toSet());
        return Flux.fromIterable(labels)
                .concatMap(label -> store.list(ObjectNames.packPrefix(system, label)))
                .collect(HashMap<String, Long>::new, PackCheck::remember)
                .doOnNext(lengths -> compare(store, system, packs, lengths))
                .then();
    }

    private static void remember(Map<String, Long> lengths, StoredObject object) {
        boolean pack = ObjectNames.parse(object.name())
                .filter(name -> name.kind() == CatalogName.Kind.PACK)
                .isPresent();
        if (pack) {
            lengths.put(object.name().value(), object.sizeBytes());
        }
    }

    private static void compare(
            ObjectStore store,
            SystemIdentifier system,
            Collection<ManifestLine.Pack> packs,
            Map<String, Long> lengths) {
        List<String> faults = new ArrayList<>();
        for (ManifestLine.Pack pack : packs) {
            String name = ObjectNames.pack(system, pack.label(), pack.number()).value();
            Long length = lengths.get(name);
            if (length == null) {
                faults.add(name + " is missing");
            } else if (length != pack.objectLength()) {
                faults.add(name + " has " + length + " bytes, not " + pack.objectLength());
            }
        }
        if (!faults.isEmpty()) {
            faults.sort(null);
            String named = String.join("; ", faults.subList(0, Math.min(MAX_NAMED, faults.size())));
            throw new IntegrityFailed(
                    faults.size() + " of " + packs.size() + " packs of the backup cannot be used in " + store.location()
                            + ": " + named + (faults.size() > MAX_NAMED ? "; …" : ""),
                    "restore from another repository (--repository) or another backup (--backup)");
        }
    }
}
