package io.tidemark.pipeline.archive;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.archive.Answer.Doubt;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.pipeline.wal.WalFileName;
import io.tidemark.sinks.ObjectName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Whether a file that was not found may be called absent: nothing may be there that cannot be there without it. Invariant
 * 3; for one opened repository, and only after the file was looked for in every form.
 */
final class AbsenceProof {
    private final Repository repository;
    private final SystemIdentifier system;
    private final WalSegmentSize size;
    private final FetchRequest request;

    AbsenceProof(Repository repository, SystemIdentifier system, WalSegmentSize size, FetchRequest request) {
        this.repository = repository;
        this.system = system;
        this.size = size;
        this.request = request;
    }

    /** {@link Answer.Absent}, or the doubt that speaks against it. Fails where the repository cannot be asked. */
    Mono<Answer> run() {
        return Mono.fromSupplier(this::planned)
                .flatMap(plan -> plan.isPresent()
                        ? Mono.just(plan.get())
                        : against().map(this::gap).defaultIfEmpty(new Answer.Absent()));
    }

    /** What a restore's plan has seen was there: it can have been lost since, but it is not absent. */
    private Optional<Answer> planned() {
        WalSegmentName through = request.through();
        return through != null && isNeededBy(through)
                ? Optional.of(new Answer.InDoubt(
                        repository.name(),
                        Doubt.WRONG,
                        new IntegrityFailed(request.file() + " is missing in " + repository
                                + ", but the restore that wrote --through " + through + " needs it")))
                : Optional.empty();
    }

    private boolean isNeededBy(WalSegmentName through) {
        TimelineId timeline = request.file().timeline();
        if (request.file() instanceof WalFileName.Segment asked) {
            return timeline.compareTo(through.timeline()) <= 0
                    && asked.name().withTimeline(through.timeline()).compareTo(through) <= 0;
        }
        return request.file() instanceof WalFileName.History
                && timeline.equals(through.timeline())
                && timeline.number() > 1;
    }

    private Mono<String> against() {
        WalFileName file = request.file();
        if (file instanceof WalFileName.Segment asked) {
            return laterOnTimeline(asked.name())
                    .switchIfEmpty(Mono.defer(
                            () -> descendant(asked.timeline(), asked.name().end(size))))
                    .switchIfEmpty(Mono.defer(() -> new BackupNeeds(repository, system, size)
                            .needing(asked.name())
                            .map(manifest -> "the backup " + manifest + " needs it")));
        }
        // The first timeline has no history, and yet a server that ends its recovery asks for it
        // (writeTimeLineHistory).
        if (file instanceof WalFileName.History history && history.timeline().number() > 1) {
            return anyOnTimeline(history.timeline())
                    .switchIfEmpty(Mono.defer(() -> descendant(history.timeline(), Lsn.INVALID)));
        }
        // Nobody's recovery ends for want of a label or a partial segment; the listing shows that the store answers.
        return repository
                .store()
                .list(ObjectNames.walPrefix(system, file.timeline()))
                .take(1)
                .then(Mono.empty());
    }

    private Mono<String> laterOnTimeline(WalSegmentName asked) {
        return repository
                .store()
                .list(ObjectNames.walPrefix(system, asked.timeline()))
                .map(object -> object.name())
                .filter(name -> segmentOf(name)
                        .filter(found -> found.compareTo(asked) > 0)
                        .isPresent())
                .next()
                .map(name -> "a later file is there: " + name);
    }

    private Mono<String> anyOnTimeline(TimelineId timeline) {
        return repository
                .store()
                .list(ObjectNames.walPrefix(system, timeline))
                .map(object -> object.name())
                .filter(name -> segmentOf(name).isPresent())
                .next()
                .map(name -> "a segment of the timeline is there: " + name);
    }

    /** A timeline that left this one at or after a position: up to there, this one was written. */
    private Mono<String> descendant(TimelineId timeline, Lsn from) {
        return repository
                .store()
                .list(ObjectNames.walPrefix(system))
                .map(object -> object.name())
                .filter(name -> historyOf(name)
                        .filter(found -> found.compareTo(timeline) > 0)
                        .isPresent())
                .concatMap(
                        name -> history(name)
                                .filter(history -> history.endOf(timeline)
                                        .filter(end -> !end.isBefore(from))
                                        .isPresent())
                                .map(history -> "a timeline that left this one later is there: " + name),
                        1)
                .next();
    }

    private Mono<TimelineHistory> history(ObjectName name) {
        TimelineId timeline = historyOf(name).orElseThrow();
        return repository
                .objects()
                .file(name, TimelineHistory.MAX_BYTES, facts -> {})
                .reduceWith(StringBuilder::new, AbsenceProof::append)
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
                .map(text -> parse(name, timeline, text.toString()));
    }

    private static StringBuilder append(StringBuilder text, ByteBuf buffer) {
        try {
            // the lines that count are ASCII
            return text.append(buffer.toString(StandardCharsets.ISO_8859_1));
        } finally {
            buffer.release();
        }
    }

    private static TimelineHistory parse(ObjectName name, TimelineId timeline, String text) {
        try {
            return TimelineHistory.parse(timeline, text);
        } catch (IllegalArgumentException e) {
            throw new IntegrityFailed(name + " is no timeline history: " + e.getMessage(), e);
        }
    }

    private Answer gap(String why) {
        return new Answer.InDoubt(
                repository.name(),
                Doubt.GAP,
                new IntegrityFailed(request.file() + " is missing in " + repository + ", but " + why));
    }

    /** The segment that an object is of or about, in whatever form. */
    private static Optional<WalSegmentName> segmentOf(ObjectName name) {
        return ObjectNames.parse(name).flatMap(AbsenceProof::segmentOf);
    }

    private static Optional<WalSegmentName> segmentOf(CatalogName name) {
        return switch (name.kind()) {
            case SEGMENT -> Optional.of(((CatalogName.Segment) name).segment());
            case PARTIAL -> Optional.of(((CatalogName.Partial) name).segment());
            case AS_FOUND -> Optional.of(((CatalogName.AsFound) name).segment());
            case BACKUP_HISTORY -> Optional.of(((CatalogName.BackupHistory) name).segment());
            case AGAIN -> segmentOf(((CatalogName.Again) name).original());
            case MARKER,
                    GENERATION,
                    HISTORY,
                    RIVAL,
                    STREAM_PIECE,
                    CAPTURE,
                    CAPTURE_KEYS,
                    INTENT,
                    PACK,
                    MANIFEST,
                    TOMBSTONE,
                    TOMBSTONE_DECISION,
                    INDEX -> Optional.empty();
        };
    }

    private static Optional<TimelineId> historyOf(ObjectName name) {
        return ObjectNames.parse(name)
                .map(parsed -> parsed instanceof CatalogName.Again again ? again.original() : parsed)
                .filter(parsed -> parsed instanceof CatalogName.History)
                .map(parsed -> ((CatalogName.History) parsed).timeline());
    }
}
