package io.tidemark.pipeline.archive;

import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.stage.DurableFile;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.pipeline.wal.WalFileName;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import java.nio.file.Path;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One file out of one opened repository: the normal name, the other forms, the normal name again; then absence is tried. */
final class RepositorySearch {
    /** More objects than this under one file's name are nobody's doing but a vandal's. */
    private static final int MAX_FORMS = 1000;

    private final Repository repository;
    private final Origin origin;
    private final FetchRequest request;
    private final Function<Path, DurableFile> destinations;
    private final EventLog events;

    /** @param destinations how a file is written durably at a path */
    RepositorySearch(
            Repository repository,
            Origin origin,
            FetchRequest request,
            Function<Path, DurableFile> destinations,
            EventLog events) {
        this.repository = repository;
        this.origin = origin;
        this.request = request;
        this.destinations = destinations;
        this.events = events;
    }

    /** Found, absent, or a gap. Fails where the repository cannot be read, or holds damage under the file's name. */
    Mono<Answer> run() {
        if (request.file() instanceof WalFileName.Partial partial) {
            return partial(partial).switchIfEmpty(Mono.defer(this::absence));
        }
        ObjectName normal = normalName();
        return under(normal)
                .switchIfEmpty(Mono.defer(() -> otherForms(normal)))
                .switchIfEmpty(Mono.defer(() -> under(normal)))
                .switchIfEmpty(Mono.defer(this::absence));
    }

    private ObjectName normalName() {
        WalFileName file = request.file();
        if (file instanceof WalFileName.Segment segment) {
            return ObjectNames.segment(origin.system(), segment.name());
        }
        if (file instanceof WalFileName.BackupHistory history) {
            return ObjectNames.backupHistory(origin.system(), history.name(), history.offset());
        }
        return ObjectNames.history(origin.system(), file.timeline());
    }

    private Mono<Answer> absence() {
        return new AbsenceProof(repository, origin.system(), origin.segmentSize(), request).run();
    }

    /** The file from the object of this name; empty where there is none. */
    private Mono<Answer> under(ObjectName name) {
        return fetch(name)
                .onErrorResume(ObjectMissing.class, missing -> Mono.empty())
                .onErrorResume(RepositorySearch::isNoSoundObject, damage -> beside(name, damage));
    }

    private static boolean isNoSoundObject(Throwable error) {
        return error instanceof ForeignObject
                || error instanceof IntegrityFailed
                || error instanceof io.tidemark.sinks.IntegrityFailed;
    }

    private Mono<Answer> fetch(ObjectName name) {
        return destinations
                .apply(origin.directory().resolve(request.destination()))
                .write(repository.objects().file(name, limitBytes(), facts -> accept(name, facts)))
                .then(Mono.fromSupplier(() -> found(name)));
    }

    private Answer found(ObjectName name) {
        events.report(Event.of(ArchiveEvent.FETCHED)
                .with("file", request.file())
                .with("repository", repository.name())
                .with("object", name));
        return new Answer.Found(repository.name());
    }

    private long limitBytes() {
        WalFileName file = request.file();
        return file instanceof WalFileName.Segment || file instanceof WalFileName.Partial
                ? origin.segmentSize().bytes()
                : TimelineHistory.MAX_BYTES;
    }

    /** The name is part of the seal, so what comes is what was stored under it; this holds it to what the server can use. */
    private void accept(ObjectName name, Facts facts) {
        if (facts.text("state").filter(state -> !state.equals("plain")).isPresent()) {
            throw new NotInThisVersion(name + " was encrypted by pg_tde, which this version cannot restore");
        }
        boolean segment =
                request.file() instanceof WalFileName.Segment || request.file() instanceof WalFileName.Partial;
        if (segment && facts.size() != origin.segmentSize().bytes()) {
            throw new IntegrityFailed(name + " holds " + facts.size() + " bytes, but a segment of this cluster has "
                    + origin.segmentSize().bytes());
        }
        if (facts.size() == 0) {
            throw new IntegrityFailed(name + " holds an empty file");
        }
    }

    private Mono<Answer> otherForms(ObjectName normal) {
        String prefix =
                request.file() instanceof WalFileName.Segment ? normal.value() + "." : ObjectNames.againPrefix(normal);
        return forms(prefix).collectList().flatMap(names -> {
            if (names.stream().anyMatch(name -> isAgainOf(normal, name))) {
                return beside(
                        normal, new ForeignObject(normal + " is gone, but it was damaged or forged before", null));
            }
            // A backup's history lies under the same prefix, and so do partial segments, which are no form of a whole
            // one.
            return names.stream().anyMatch(RepositorySearch::isAsFound)
                    ? Mono.error(new NotInThisVersion(
                            normal + " is stored only as pg_tde encrypted it, which this version cannot " + "restore"))
                    : Mono.empty();
        });
    }

    private Flux<ObjectName> forms(String prefix) {
        return repository.store().list(prefix).map(object -> object.name()).take(MAX_FORMS);
    }

    private static boolean isAgainOf(ObjectName original, ObjectName name) {
        return name.value().startsWith(ObjectNames.againPrefix(original));
    }

    private static boolean isAsFound(ObjectName name) {
        return ObjectNames.parse(name)
                .filter(parsed -> parsed instanceof CatalogName.AsFound)
                .isPresent();
    }

    /** Beside a foreign object one plaintext wins, two are a conflict, none leaves the damage standing. */
    private Mono<Answer> beside(ObjectName normal, Throwable damage) {
        return sound(forms(ObjectNames.againPrefix(normal))).collectList().flatMap(sound -> {
            long contents = sound.stream().map(Sound::sha256).distinct().count();
            if (contents > 1) {
                return Mono.error(new IntegrityFailed(normal + " in " + repository + " is damaged or forged, and "
                        + contents + " different files lie beside it"));
            }
            if (contents == 0) {
                return Mono.error(damage);
            }
            events.report(Event.of(ArchiveEvent.FOREIGN_READ)
                    .with("object", normal)
                    .with("used", sound.get(0).name())
                    .with("why", String.valueOf(damage.getMessage())));
            return fetch(sound.get(0).name());
        });
    }

    private Flux<Sound> sound(Flux<ObjectName> names) {
        return names.concatMap(
                name -> repository
                        .objects()
                        .verified(name)
                        .map(facts -> new Sound(name, facts.sha256()))
                        .onErrorResume(RepositorySearch::isNoSoundObject, damage -> Mono.empty()),
                1);
    }

    /** Only when it is asked for by its own name, and only if there is no choice. */
    private Mono<Answer> partial(WalFileName.Partial partial) {
        return sound(forms(ObjectNames.partialPrefix(origin.system(), partial.name())))
                .collectList()
                .flatMap(sound -> {
                    if (sound.isEmpty()) {
                        return Mono.empty();
                    }
                    return sound.stream().map(Sound::sha256).distinct().count() > 1
                            ? Mono.error(new IntegrityFailed(
                                    sound.size() + " different files " + partial + " lie in " + repository))
                            : fetch(sound.get(0).name());
                });
    }

    private record Sound(ObjectName name, String sha256) {}
}
