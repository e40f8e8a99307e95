package io.tidemark.pipeline.restore;

import static java.util.Objects.requireNonNull;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestReader;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads of a repository what a plan needs: manifests, history files, when an object was written. All cold. */
final class CatalogReader {
    private final RestoreSource source;

    CatalogReader(RestoreSource source) {
        this.source = source;
    }

    /** The lines of a backup's manifest; only completion says that they are all. */
    Flux<ManifestLine> manifest(SystemIdentifier system, BackupLabel label) {
        ObjectName name = ObjectNames.manifest(system, label);
        return ManifestReader.lines(source.objects().file(name), label.toString());
    }

    /** A manifest is bound to its name by the seal; that it says so itself is one more look. */
    static Mono<ManifestLine.Header> requireLabel(BackupLabel label, ManifestLine.Header header) {
        return header.label().equals(label)
                ? Mono.just(header)
                : Mono.error(
                        new IntegrityFailed("manifest of backup " + label + " says that it is of " + header.label()));
    }

    /** A timeline's history file. */
    Mono<Timelines.Known> history(SystemIdentifier system, TimelineId timeline) {
        return small(ObjectNames.history(system, timeline)).map(file -> {
            try {
                TimelineHistory history = TimelineHistory.parse(
                        timeline, StandardCharsets.ISO_8859_1.decode(file.text).toString());
                TimelinePath.of(history);
                return new Timelines.Known(
                        history, file.facts.text("written").map(UtcTime::parse).orElse(null));
            } catch (IllegalArgumentException e) {
                throw new IntegrityFailed(timeline + ".history: " + e.getMessage(), e);
            }
        });
    }

    /** When an object was written, by its own facts. */
    Mono<Instant> written(ObjectName name) {
        return againIfForeign(name, found -> source.objects().facts(found))
                .map(facts -> facts.text("written"))
                .flatMap(written -> Mono.justOrEmpty(written.map(UtcTime::parse)))
                .switchIfEmpty(Mono.error(() -> new IntegrityFailed(name + " does not say when it was written")));
    }

    /** A small file, whole, and what its object says of it. */
    private static final class Small {
        private final ByteBuffer text;
        private final Facts facts;

        Small(ByteBuffer text, Facts facts) {
            this.text = text;
            this.facts = facts;
        }
    }

    private Mono<Small> small(ObjectName name) {
        return againIfForeign(name, this::read);
    }

    private Mono<Small> read(ObjectName name) {
        return Mono.defer(() -> {
            AtomicReference<Facts> facts = new AtomicReference<>();
            return source.objects()
                    .smallFile(name, TimelineHistory.MAX_BYTES, facts::set)
                    .map(text -> new Small(text, requireNonNull(facts.get())));
        });
    }

    /** Where a name is held by a foreign object, what was meant lies under {@code <name>.again.<digest>} (FORMAT.md section 1). */
    private <T> Mono<T> againIfForeign(ObjectName name, Function<ObjectName, Mono<T>> read) {
        return read.apply(name)
                .onErrorResume(ForeignObject.class, e -> again(name, e, read))
                .onErrorResume(ObjectMissing.class, e -> again(name, e, read));
    }

    private <T> Mono<T> again(ObjectName name, Throwable why, Function<ObjectName, Mono<T>> read) {
        return source.store()
                .list(ObjectNames.againPrefix(name))
                .map(StoredObject::name)
                .collectList()
                .flatMap(names -> switch (names.size()) {
                    case 0 -> Mono.error(why);
                    case 1 -> read.apply(names.get(0));
                    default ->
                        Mono.error(new IntegrityFailed(name + " is there " + names.size() + " times over: " + names));
                });
    }
}
