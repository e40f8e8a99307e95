package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.sinks.ObjectMissing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Where a server's timeline stands among those of the repositories. Its history file is put first, for a promotion may have been
 * missed by the archiver (A19), and a server that was left behind by a promotion and went on is not backed up by mistake.
 */
final class ServerTimeline {
    /** No cluster was promoted more often; it bounds the search, not the cluster. */
    private static final int MAX_LATER = 1000;

    private final ServerSession session;
    private final Node node;
    private final BackupSettings settings;
    private final Clock clock;
    private final Compress compress;

    ServerTimeline(ServerSession session, Node node, BackupSettings settings, Clock clock, Scheduler cpu) {
        this.session = session;
        this.node = node;
        this.settings = settings;
        this.clock = clock;
        this.compress = new Compress(settings.level(), cpu);
    }

    /**
     * Fails where a repository holds a later timeline that left this server's before where the server is now, unless it was said
     * that this timeline is the one.
     *
     * @param said the timeline that a person named; null where none was
     */
    Mono<Void> requireCurrent(TargetSet targets, @Nullable TimelineId said) {
        OnlineServer server = session.server();
        if (said != null) {
            return said.equals(server.timeline())
                    ? Mono.empty()
                    : Mono.error(new RefusedForSafety(server.where() + " is on timeline "
                            + server.timeline().number() + ", not on " + said.number()));
        }
        return Flux.fromIterable(targets.remaining())
                .concatMap(target -> later(target, server.timeline().number() + 1))
                .filter(history -> history.endOf(server.timeline())
                        .filter(end -> server.position().isAfter(end))
                        .isPresent())
                .next()
                .flatMap(history -> Mono.error(diverged(server, history)));
    }

    /** Puts the history file of the server's timeline into every repository. Timeline 1 has none. */
    Mono<Void> putHistory(TargetSet targets) {
        OnlineServer server = session.server();
        TimelineId timeline = server.timeline();
        if (timeline.equals(TimelineId.FIRST)) {
            return Mono.empty();
        }
        return session.history(timeline).flatMap(file -> {
            parse(timeline, file.content());
            SealedBody body = SealedBody.ofBytes(
                    file.content(),
                    digest -> Facts.of(Facts.HISTORY, digest, clock.instant(), settings.tool())
                            .with("node", node.toString())
                            .with("timeline", timeline.number()),
                    compress);
            return targets.put(ObjectNames.history(server.system(), timeline), body, this::requireSame);
        });
    }

    /** The histories of later timelines, without a gap in their numbers: a server takes the next one that is free. */
    private Flux<TimelineHistory> later(BackupTarget target, long from) {
        return Flux.range(0, MAX_LATER)
                .map(i -> TimelineId.of(from + i))
                .concatMap(
                        timeline -> history(target, timeline).map(Optional::of).defaultIfEmpty(Optional.empty()), 1)
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
    }

    private Mono<TimelineHistory> history(BackupTarget target, TimelineId timeline) {
        return target.objects()
                .smallFile(
                        ObjectNames.history(session.server().system(), timeline),
                        TimelineHistory.MAX_BYTES,
                        facts -> {})
                .map(content -> parse(timeline, content))
                .onErrorResume(ObjectMissing.class, e -> Mono.empty())
                // what nobody of ours wrote says nothing about this server
                .onErrorResume(ForeignObject.class, e -> Mono.empty());
    }

    private static TimelineHistory parse(TimelineId timeline, ByteBuffer content) {
        try {
            return TimelineHistory.parse(
                    timeline, StandardCharsets.ISO_8859_1.decode(content).toString());
        } catch (IllegalArgumentException e) {
            throw new IntegrityFailed(timeline + ".history: " + e.getMessage(), e);
        }
    }

    private Mono<Void> requireSame(PutReceipt receipt) {
        return receipt instanceof PutReceipt.Conflict
                ? Mono.error(new IntegrityFailed(
                        receipt.name() + " tells another history than "
                                + session.server().where() + " does: two servers were promoted to the same timeline",
                        "let one of them go on to a new timeline: stop it, restore it with --latest, and promote that"))
                : Mono.empty();
    }

    private static RefusedForSafety diverged(OnlineServer server, TimelineHistory later) {
        Lsn end = later.endOf(server.timeline()).orElseThrow();
        return new RefusedForSafety(
                server.where() + " is on timeline " + server.timeline().number() + " at " + server.position()
                        + ", but timeline " + later.timeline().number() + " left that timeline at " + end
                        + ": this is a diverged old primary, or another server was promoted by mistake",
                "back up the server on timeline " + later.timeline().number()
                        + "; or, if this one is right, say so with --timeline "
                        + server.timeline().number());
    }
}
