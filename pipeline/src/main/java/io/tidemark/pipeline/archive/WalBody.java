package io.tidemark.pipeline.archive;

import com.google.gson.JsonPrimitive;
import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.stage.CheckWal;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.pipeline.stage.ContentDigest;
import io.tidemark.pipeline.wal.SegmentCheck;
import io.tidemark.pipeline.wal.SegmentCheck.Extent;
import io.tidemark.pipeline.wal.SegmentReport;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.pipeline.wal.WalFileName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the sealed body of an offered file: which checks it passes on the way, and which facts are told of it. */
final class WalBody {
    /** Of history and label files: both are a few hundred bytes. */
    private static final int MAX_TEXT_BYTES = TimelineHistory.MAX_BYTES;

    private final Origin origin;
    private final String node;
    private final String tool;
    private final Clock clock;
    private final Compress compress;
    private final EventLog events;

    WalBody(Origin origin, String node, String tool, Clock clock, Compress compress, EventLog events) {
        this.origin = origin;
        this.node = node;
        this.tool = tool;
        this.clock = clock;
        this.compress = compress;
        this.events = events;
    }

    /** Blocking: reads small files. Refuses at once what can be seen without reading a segment. */
    SealedBody of(OfferedFile file) {
        WalFileName name = file.name();
        if (name instanceof WalFileName.Segment segment) {
            requireWholeSegment(file);
            return segment(file, segment.name(), Extent.WHOLE);
        }
        if (name instanceof WalFileName.Partial partial) {
            requireWholeSegment(file);
            return segment(file, partial.name(), Extent.PARTIAL);
        }
        if (name instanceof WalFileName.History history) {
            return history(file, history.timeline());
        }
        return backupHistory(file, (WalFileName.BackupHistory) name);
    }

    private void requireWholeSegment(OfferedFile file) {
        if (file.sizeBytes() != origin.segmentSize().bytes()) {
            throw new IntegrityFailed(
                    file.path() + " has " + file.sizeBytes() + " bytes, but a segment of this cluster has "
                            + origin.segmentSize().bytes());
        }
    }

    private SealedBody segment(OfferedFile file, WalSegmentName name, Extent extent) {
        TimelineHistory history = historyBeside(file.path(), name.timeline());
        AtomicReference<SegmentReport> report = new AtomicReference<>();
        AtomicBoolean told = new AtomicBoolean();
        return SealedBody.ofFile(
                () -> checked(
                        file, new SegmentCheck(name, extent, origin.system().value(), history), report),
                digest -> {
                    SegmentReport found = report.get();
                    if (found == null) {
                        throw new IllegalStateException("facts of a segment that was not read");
                    }
                    if (!told.getAndSet(true)) {
                        found.badRecords()
                                .forEach(lsn -> events.report(Event.of(ArchiveEvent.DAMAGED_RECORD)
                                        .with("file", file.name())
                                        .with("lsn", lsn)));
                    }
                    return segmentFacts(digest, name, extent, found);
                },
                compress);
    }

    private static Flux<ByteBuf> checked(
            OfferedFile file, SegmentCheck segmentCheck, AtomicReference<SegmentReport> report) {
        CheckWal check = new CheckWal(segmentCheck);
        return file.bytes()
                .transform(check::apply)
                .concatWith(check.report().doOnNext(report::set).then(Mono.empty()));
    }

    private Facts segmentFacts(ContentDigest digest, WalSegmentName name, Extent extent, SegmentReport found) {
        Facts facts = Facts.of(Facts.WAL, digest, clock.instant(), tool)
                .with("node", node)
                .with("postgres", found.postgresMajor())
                .with("timeline", name.timeline().number())
                .with("start", found.start().toString())
                .with("end", found.end().toString())
                .with("segmentSize", found.segmentSize().bytes())
                .with("state", "plain")
                .with("inspected", 0);
        return extent == Extent.PARTIAL ? facts.with("partial", new JsonPrimitive(Boolean.TRUE)) : facts;
    }

    private SealedBody history(OfferedFile file, TimelineId timeline) {
        TimelineHistory history = parse(file.path(), timeline);
        if (history.ancestors().isEmpty()) {
            throw new IntegrityFailed(file.path() + " names no timeline: it was not written to its end");
        }
        return text(file, Facts.HISTORY);
    }

    private SealedBody backupHistory(OfferedFile file, WalFileName.BackupHistory name) {
        String text = read(file.path());
        if (!text.startsWith("START WAL LOCATION: ") || !text.contains("(file " + name.name() + ")")) {
            throw new IntegrityFailed(file.path() + " is no history of a backup that began in segment " + name.name());
        }
        return text(file, Facts.BACKUP_HISTORY);
    }

    private SealedBody text(OfferedFile file, String kind) {
        return SealedBody.ofFile(
                file::bytes,
                digest -> Facts.of(kind, digest, clock.instant(), tool)
                        .with("node", node)
                        .with("timeline", file.name().timeline().number()),
                compress);
    }

    /** PostgreSQL keeps the history of its timeline in pg_wal; where it is missing, no page of an ancestor passes. */
    private static TimelineHistory historyBeside(Path file, TimelineId timeline) {
        Path beside = file.resolveSibling(timeline + ".history");
        return timeline.number() > 1 && Files.exists(beside) ? parse(beside, timeline) : TimelineHistory.none(timeline);
    }

    private static TimelineHistory parse(Path path, TimelineId timeline) {
        try {
            return TimelineHistory.parse(timeline, read(path));
        } catch (IllegalArgumentException e) {
            throw new IntegrityFailed(path + " is no timeline history: " + e.getMessage(), e);
        }
    }

    private static String read(Path path) {
        try {
            long size = Files.size(path);
            if (size > MAX_TEXT_BYTES) {
                throw new IntegrityFailed(path + " has " + size + " bytes, allowed are " + MAX_TEXT_BYTES);
            }
            // The label of a backup may be in any encoding; only what is ASCII is looked at.
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IntegrityFailed(path + " was removed while it was read", e);
        } catch (IOException e) {
            throw new PostgresFailed("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
