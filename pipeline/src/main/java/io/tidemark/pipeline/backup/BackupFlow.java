package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.config.Busy;
import io.tidemark.pipeline.event.Progress;
import java.io.IOException;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What every backup does with the pieces of a cluster, wherever they come from: an intent, packs, and, after all of them, the
 * manifest, which makes it a backup (invariant 7). One for each backup.
 */
final class BackupFlow {
    private final BackupRun run;
    private final SystemIdentifier system;
    private final TargetSet targets;
    private final Intents intents;
    private final Scheduler cpu;
    private final Scheduler files;
    private final Progress progress;

    BackupFlow(
            BackupRun run,
            SystemIdentifier system,
            TargetSet targets,
            Intents intents,
            Scheduler cpu,
            Scheduler files,
            Progress progress) {
        this.run = run;
        this.system = system;
        this.targets = targets;
        this.intents = intents;
        this.cpu = cpu;
        this.files = files;
        this.progress = progress;
    }

    /**
     * Puts the intent, then all pieces as packs. Completes when every pack is durable.
     *
     * @param pieces in the order of reading, each file's chunks in a row; read as fast as packs are put
     */
    Mono<Void> store(Flux<? extends Piece> pieces) {
        return intents.keep()
                .thenMany(packs(pieces))
                .concatMap(pack -> stored(pack).then(intents.keep()), 0)
                .then();
    }

    /** Says that this backup still runs, where that was last said long ago. */
    Mono<Void> keepIntent() {
        return intents.keep();
    }

    /** Makes the manifest and puts it. */
    Mono<ManifestMaking.Made> publish(Closing closing) {
        return Mono.fromCallable(() -> run.manifest(closing))
                .subscribeOn(files)
                .onErrorMap(IOException.class, SourceFailure::ofSpill)
                .flatMap(made -> targets.put(
                                ObjectNames.manifest(system, run.label()),
                                made.body(files),
                                BackupFlow::requirePublished)
                        .thenReturn(made));
    }

    /** Packs as they become whole: one is made while the one before is put. */
    private Flux<ReadyPack> packs(Flux<? extends Piece> pieces) {
        ChunkWork work = run.work();
        return pieces.flatMapSequential(
                        piece -> worked(work, piece), run.settings().chunksInFlight(), 1)
                .publishOn(files, 1)
                .concatMapIterable(this::packed, 1)
                .concatWith(Flux.defer(() -> Flux.fromIterable(run.packing().end())))
                .doOnDiscard(ReadyPack.class, ReadyPack::release);
    }

    private Mono<Piece> worked(ChunkWork work, Piece piece) {
        return piece instanceof Chunk chunk
                ? Mono.<Piece>fromCallable(() -> work.done(chunk)).subscribeOn(cpu)
                : Mono.just(piece);
    }

    private List<ReadyPack> packed(Piece piece) {
        if (piece instanceof Chunk chunk) {
            progress.advance(chunk.length());
        }
        try {
            return run.packing().accept(piece);
        } catch (IOException e) {
            throw SourceFailure.ofSpill(e);
        }
    }

    private Mono<Void> stored(ReadyPack pack) {
        return Mono.using(
                () -> pack,
                held -> targets.put(
                                ObjectNames.pack(system, run.label(), held.number()),
                                held.body(),
                                TargetSet::requireOurs)
                        .then(Mono.fromRunnable(() -> run.stored(held))),
                ReadyPack::release);
    }

    /** The manifest's name decides: another one there is the end of this backup. */
    private static Mono<Void> requirePublished(PutReceipt receipt) {
        boolean abandoned = receipt instanceof PutReceipt.Conflict conflict
                && conflict.theirs()
                        .text("backup")
                        .filter(BackupKind.ABANDONED.toString()::equals)
                        .isPresent();
        return abandoned
                ? Mono.error(new Busy("this backup took longer than its intent said and was declared abandoned: "
                        + receipt.name() + " is taken; nothing was published"))
                : TargetSet.requireOurs(receipt);
    }
}
