package io.tidemark.pipeline.care.repair;

import io.tidemark.pipeline.care.check.store.BackupClosure;
import io.tidemark.pipeline.care.info.RepositoryInventory;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.Leftover;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Removes what interrupted runs have left: temporary files and multipart uploads that are old, and the packs and intents of
 * backups whose deadline is past, each of them only after this run, or another one, has put the manifest that gives the backup up.
 * Clocks decide only how polite it is: a backup that still runs finds its name taken and publishes nothing.
 */
public final class Repair {
    private static final int AT_ONCE = 8;

    private final Compress compress;
    private final String tool;
    private final Clock clock;
    private final Mode mode;

    /** Whether anything is changed. */
    public enum Mode {
        DRY_RUN,
        REMOVE
    }

    /** @param tool what writes the manifests, for their facts */
    public Repair(Compress compress, String tool, Clock clock, Mode mode) {
        this.compress = compress;
        this.tool = tool;
        this.clock = clock;
        this.mode = mode;
    }

    /**
     * @param olderThan what was begun later is left: it may still run
     * @return what was done. What the store will not delete is counted; otherwise fails as stores do
     */
    public Mono<RepairReport> run(Repository repository, Duration olderThan) {
        return Mono.defer(() -> {
            RepairCount count = new RepairCount();
            return leftovers(repository, clock.instant().minus(olderThan), count)
                    .thenMany(new RepositoryInventory().of(repository).flatMapIterable(info -> info.systems()))
                    .concatMap(system -> backups(repository, system, count), 1)
                    .then(Mono.fromSupplier(() -> count.report(repository.name())));
        });
    }

    private Mono<Void> leftovers(Repository repository, Instant before, RepairCount count) {
        return repository
                .store()
                .leftovers()
                .filter(leftover -> leftover.since().isBefore(before))
                .flatMap(leftover -> discarded(repository, leftover, count), AT_ONCE)
                .onErrorResume(
                        AccessRefused.class,
                        why -> Mono.fromRunnable(() -> count.refused("leftovers of unfinished puts", why)))
                .then();
    }

    private Mono<Void> discarded(Repository repository, Leftover leftover, RepairCount count) {
        Mono<Void> work =
                mode == Mode.DRY_RUN ? Mono.empty() : repository.store().discard(leftover);
        return work.then(Mono.<Void>fromRunnable(count::leftover))
                .onErrorResume(
                        AccessRefused.class,
                        why -> Mono.fromRunnable(() -> count.refused(leftover.description(), why)));
    }

    private Mono<Void> backups(Repository repository, SystemOf system, RepairCount count) {
        if (system.backups().stream().noneMatch(Repair::isUnfinished)) {
            return Mono.empty();
        }
        for (Backup backup : system.backups()) {
            if (backup.state() == State.UNREADABLE) {
                count.kept(
                        "interrupted backups of system " + system.system(),
                        "what backup " + backup.label() + " needs is not known, for its manifest does not open");
                return Mono.empty();
            }
        }
        return needed(repository, system)
                .flatMap(needed -> Flux.fromIterable(system.backups())
                        .filter(Repair::isUnfinished)
                        .concatMap(
                                backup -> new InterruptedBackup(repository, system.system(), backup, count)
                                        .removed(needed, this::giveUp, mode, clock.instant()),
                                1)
                        .then());
    }

    private GivingUp giveUp() {
        return new GivingUp(compress, tool, clock);
    }

    private static boolean isUnfinished(Backup backup) {
        return backup.state() == State.UNFINISHED || backup.state() == State.ABANDONED && backup.packs() > 0;
    }

    /** Labels whose packs whole backups name. */
    private static Mono<Set<BackupLabel>> needed(Repository repository, SystemOf system) {
        return Flux.fromIterable(system.backups())
                .filter(backup -> backup.state() == State.COMPLETE)
                .concatMap(backup -> new BackupClosure(repository, system, backup, repository.store()).packs(), 1)
                .flatMapIterable(packs -> packs)
                .collect(HashSet::new, (labels, pack) -> labels.add(pack.label()));
    }
}
