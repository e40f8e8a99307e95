package io.tidemark.pipeline.archive;

import io.tidemark.pipeline.catalog.AdmissionMemory;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.wal.WalFileName;
import io.tidemark.sinks.ObjectName;
import reactor.core.publisher.Mono;

/** One file into one opened repository: under its name, or beside it where the name is held by a foreign object. */
final class RepositoryPush {
    private final Repository repository;
    private final SystemIdentifier system;
    private final OfferedFile file;
    private final SealedBody body;
    private final AdmissionMemory admissions;
    private final EventLog events;

    RepositoryPush(
            Repository repository,
            SystemIdentifier system,
            OfferedFile file,
            SealedBody body,
            AdmissionMemory admissions,
            EventLog events) {
        this.repository = repository;
        this.system = system;
        this.file = file;
        this.body = body;
        this.admissions = admissions;
        this.events = events;
    }

    /**
     * Completes when an object with this file's content is durable in the repository.
     *
     * @return fails with {@link IntegrityFailed} where other content is stored under the name, which is not touched, and
     *     where the root holds objects of other systems only: two clusters must not share one
     */
    Mono<Void> run() {
        return Systems.requireAdmitted(repository, system, admissions)
                .then(name())
                .flatMap(name -> repository.objects().put(name, body))
                .flatMap(this::settle);
    }

    private Mono<ObjectName> name() {
        WalFileName name = file.name();
        if (name instanceof WalFileName.Segment segment) {
            return Mono.just(ObjectNames.segment(system, segment.name()));
        }
        if (name instanceof WalFileName.Partial partial) {
            // Two servers may rightly write different ones: the content is in the name.
            return digest().map(digest -> ObjectNames.partial(system, partial.name(), digest));
        }
        if (name instanceof WalFileName.BackupHistory history) {
            return Mono.just(ObjectNames.backupHistory(system, history.name(), history.offset()));
        }
        return Mono.just(ObjectNames.history(system, name.timeline()));
    }

    private Mono<String> digest() {
        return file.nameDigest(repository.derivations().newNameDigest());
    }

    private Mono<Void> settle(PutReceipt receipt) {
        if (receipt instanceof PutReceipt.Conflict conflict) {
            return keepRival(conflict);
        }
        if (receipt instanceof PutReceipt.Foreign foreign) {
            return storeBeside(foreign);
        }
        ArchiveEvent kind = receipt instanceof PutReceipt.Stored ? ArchiveEvent.STORED : ArchiveEvent.ALREADY_STORED;
        return Mono.fromRunnable(() -> events.report(event(kind, receipt.name())));
    }

    /** The stored object stays; the offered file is kept for the person who decides which one is right. */
    private Mono<Void> keepRival(PutReceipt.Conflict conflict) {
        return digest().map(digest -> ObjectNames.rival(
                        system, file.name().timeline(), file.name().toString(), digest))
                .flatMap(rival -> repository.objects().put(rival, body))
                .flatMap(kept -> {
                    events.report(event(ArchiveEvent.RIVAL_KEPT, kept.name()));
                    return Mono.error(conflict(conflict, kept));
                });
    }

    private IntegrityFailed conflict(PutReceipt.Conflict conflict, PutReceipt kept) {
        boolean safe = kept instanceof PutReceipt.Stored || kept instanceof PutReceipt.AlreadyStored;
        Facts theirs = conflict.theirs();
        return new IntegrityFailed(
                file.name() + " differs from the one in " + repository + ": this one has sha256 "
                        + conflict.ours().sha256() + ", the stored one " + theirs.sha256() + ", written "
                        + theirs.text("written").orElse("at an unknown time") + " by node "
                        + theirs.text("node").orElse("unknown")
                        + (safe ? "; this one is kept as " + kept.name() : ""),
                "two servers archive one timeline, or this one was set back in time; nothing is overwritten. Find out which "
                        + "one is right; a server whose segments are the rivals goes on by promotion to a new timeline");
    }

    private Mono<Void> storeBeside(PutReceipt.Foreign foreign) {
        return digest().map(digest -> ObjectNames.again(foreign.name(), digest))
                .flatMap(again -> repository.objects().put(again, body))
                .flatMap(receipt -> beside(foreign, receipt));
    }

    private Mono<Void> beside(PutReceipt.Foreign foreign, PutReceipt receipt) {
        if (receipt instanceof PutReceipt.Stored || receipt instanceof PutReceipt.AlreadyStored) {
            events.report(event(ArchiveEvent.FOREIGN_NAME, receipt.name()).with("why", foreign.why()));
            return Mono.empty();
        }
        return Mono.error(new IntegrityFailed(
                foreign.name() + " and " + receipt.name() + " in " + repository + " are both held by other objects: "
                        + foreign.why(),
                "somebody writes into the repository, or its disk is failing"));
    }

    private Event event(ArchiveEvent kind, ObjectName name) {
        return Event.of(kind)
                .with("file", file.name())
                .with("repository", repository.name())
                .with("object", name);
    }
}
