package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The first half of a plan: what one repository has, which backup and timeline the target asks for, how far WAL goes. */
final class RestorePlanner {
    private static final int OPEN_AT_ONCE = 4;

    private final RestoreSource source;
    private final RestoreRequest request;
    private final CatalogReader catalog;
    private final Instant now;
    private final List<String> notes = new ArrayList<>();
    private final List<TidemarkException> unusable = new ArrayList<>();

    RestorePlanner(RestoreSource source, RestoreRequest request, Instant now) {
        this.source = source;
        this.request = request;
        this.catalog = new CatalogReader(source);
        this.now = now;
    }

    /** Reads only. Fails as {@link Restore#plan} says. One subscription. */
    Mono<RestorePlan.Draft> draft() {
        return Inventory.of(source.store().list(""))
                .map(this::systemOf)
                .flatMap(system -> Mono.zip(
                                headers(system).collectList(),
                                histories(system),
                                (headers, histories) -> new Known(system, headers, histories))
                        .flatMap(this::draft));
    }

    private record Known(Inventory.OfSystem system, List<Header> headers, Map<TimelineId, Timelines.Known> histories) {}

    private Inventory.OfSystem systemOf(Inventory inventory) {
        SortedMap<SystemIdentifier, Inventory.OfSystem> systems = inventory.systems();
        SystemIdentifier asked = request.system();
        BackupLabel label = request.backup();
        List<Inventory.OfSystem> fitting = systems.values().stream()
                .filter(system -> !system.manifests().isEmpty())
                .filter(system -> asked == null || system.system().equals(asked))
                .filter(system -> label == null || system.manifests().containsKey(label))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        String where =
                "repository \"" + source.name() + "\" at " + source.store().location();
        if (fitting.isEmpty()) {
            throw new RefusedForSafety(
                    where + " has no backup" + (label == null ? "" : " " + label)
                            + (asked == null ? "" : " of system " + asked),
                    backupsThere(systems));
        }
        throw new UsageError(
                where + " has backups of " + fitting.size() + " systems: "
                        + fitting.stream()
                                .map(system -> system.system().toString())
                                .toList(),
                "say which: --system-identifier, or --backup with a label");
    }

    private static String backupsThere(SortedMap<SystemIdentifier, Inventory.OfSystem> systems) {
        List<String> labels = systems.values().stream()
                .flatMap(system -> system.manifests().keySet().stream())
                .map(BackupLabel::toString)
                .toList();
        return labels.isEmpty() ? "make one with tidemark backup" : "it has: " + String.join(", ", labels);
    }

    private Flux<Header> headers(Inventory.OfSystem system) {
        BackupLabel asked = request.backup();
        return Flux.fromIterable(system.manifests().keySet())
                .filter(label -> asked == null ? !isDoomed(system, label) : label.equals(asked))
                .flatMapSequential(label -> header(system, label), OPEN_AT_ONCE);
    }

    private boolean isDoomed(Inventory.OfSystem system, BackupLabel label) {
        boolean doomed = system.tombstones().contains(label);
        if (doomed) {
            notes.add("backup " + label + " is being removed and was not considered");
        }
        return doomed;
    }

    /** One bad manifest must not stand in the way of the others; the one that was asked for may. */
    private Mono<Header> header(Inventory.OfSystem system, BackupLabel label) {
        Mono<Header> header = catalog.manifest(system.system(), label).next().flatMap(first -> header(label, first));
        if (request.backup() != null) {
            return header;
        }
        return header.onErrorResume(TidemarkException.class, e -> switch (e.kind()) {
            case INTEGRITY, NOT_IN_THIS_VERSION -> {
                notConsidered(label, e);
                yield Mono.empty();
            }
            case USAGE, KEYS, STORE, POSTGRES, REFUSED, BUSY, DEADLINE -> Mono.error(e);
        });
    }

    private synchronized void notConsidered(BackupLabel label, TidemarkException why) {
        notes.add("backup " + label + " was not considered: " + why.getMessage());
        unusable.add(why);
    }

    private synchronized void note(String note) {
        notes.add(note);
    }

    private Mono<Header> header(BackupLabel label, ManifestLine first) {
        if (first instanceof Header header) {
            return CatalogReader.requireLabel(label, header);
        }
        return request.backup() == null
                ? Mono.empty()
                : Mono.error(new RefusedForSafety("backup " + label + " was abandoned: there is nothing to restore"));
    }

    private Mono<Map<TimelineId, Timelines.Known>> histories(Inventory.OfSystem system) {
        return Flux.fromIterable(system.histories())
                .flatMapSequential(timeline -> history(system.system(), timeline), OPEN_AT_ONCE)
                .collect(HashMap::new, (all, known) -> all.put(known.history().timeline(), known));
    }

    /** One that does not open counts as missing, which matters only if its timeline is needed. */
    private Mono<Timelines.Known> history(SystemIdentifier system, TimelineId timeline) {
        return catalog.history(system, timeline).onErrorResume(TidemarkException.class, e -> {
            if (e.kind() != FailureKind.INTEGRITY) {
                return Mono.error(e);
            }
            note("the history file of timeline " + timeline.number() + " cannot be used: " + e.getMessage());
            return Mono.empty();
        });
    }

    private Mono<RestorePlan.Draft> draft(Known known) {
        if (known.headers().isEmpty()) {
            return Mono.error(
                    unusable.isEmpty()
                            ? new RefusedForSafety(
                                    "repository \"" + source.name() + "\" has no backup that can be used",
                                    String.join("; ", notes))
                            : unusable.get(0));
        }
        Header any = known.headers().get(0);
        TreeSet<TimelineId> backedUp = new TreeSet<>();
        known.headers().forEach(header -> backedUp.add(header.timeline()));
        Timelines timelines = new Timelines(
                known.histories(), known.system().wal(), backedUp, any.cluster().segmentSize());
        TargetChoice.Choice choice = new TargetChoice(timelines, known.headers(), request).choose();
        WalReach wal = timelines.reach(choice.path(), choice.backup().redo());
        WalProof proof =
                new WalProof(request, choice.backup(), wal, known.system().asFound());
        proof.requireWithoutGap();
        return lastArchived(known.system().system(), wal).map(archived -> {
            proof.requireTarget(archived.orElse(null), now);
            return new RestorePlan.Draft(
                    known.system(), choice, timelines.lines(), wal, proof.end(), archived.orElse(null), notes);
        });
    }

    private Mono<Optional<Instant>> lastArchived(SystemIdentifier system, WalReach wal) {
        return wal.through() == null
                ? Mono.just(Optional.empty())
                : catalog.written(ObjectNames.segment(system, wal.through())).map(Optional::of);
    }
}
