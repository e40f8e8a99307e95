package io.tidemark.pipeline.care.repair;

import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.Intent;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A backup without a manifest, or with one that gives it up: runs it still, and what of it may go? */
final class InterruptedBackup {
    private static final int MAX_INTENT = 1 << 20;
    private static final int AT_ONCE = 8;

    private final Repository repository;
    private final SystemIdentifier system;
    private final Backup backup;
    private final RepairCount count;

    InterruptedBackup(Repository repository, SystemIdentifier system, Backup backup, RepairCount count) {
        this.repository = repository;
        this.system = system;
        this.backup = backup;
        this.count = count;
    }

    private BackupLabel label() {
        return backup.label();
    }

    /** @param needed labels whose packs whole backups name */
    Mono<Void> removed(Set<BackupLabel> needed, Supplier<GivingUp> givingUp, Repair.Mode mode, Instant now) {
        if (needed.contains(label())) {
            return kept("other backups refer to its packs");
        }
        if (backup.state() == State.ABANDONED) {
            return deleted(mode);
        }
        return intent().flatMap(found -> {
            if (found.isEmpty()) {
                return kept("no intent of it opens, so nobody can say whether it still runs");
            }
            Intent intent = found.get();
            if (intent.deadline().isAfter(now)) {
                return kept("it may be running until " + intent.deadline());
            }
            return mode == Repair.Mode.DRY_RUN
                    ? deleted(mode)
                    : givingUp.get()
                            .of(repository, system, label(), intent.node())
                            .flatMap(ours -> ours ? deleted(mode) : kept("it was completed at this moment"));
        });
    }

    private Mono<Void> kept(String why) {
        return Mono.fromRunnable(() -> count.kept("backup " + label(), why));
    }

    /** The highest one; empty where it does not open. */
    private Mono<Optional<Intent>> intent() {
        return repository
                .store()
                .list(ObjectNames.intentPrefix(system, label()))
                .map(StoredObject::name)
                .filter(name -> ObjectNames.parse(name)
                        .filter(parsed -> parsed.kind() == CatalogName.Kind.INTENT)
                        .isPresent())
                .takeLast(1)
                .next()
                .flatMap(this::read)
                .defaultIfEmpty(Optional.empty());
    }

    private Mono<Optional<Intent>> read(ObjectName name) {
        return repository
                .objects()
                .smallFile(name, MAX_INTENT, facts -> {})
                .map(InterruptedBackup::bytes)
                .map(Intent::read)
                .map(Optional::of)
                .onErrorResume(TidemarkException.class, unreadable -> Mono.just(Optional.empty()))
                .onErrorResume(IllegalArgumentException.class, unreadable -> Mono.just(Optional.empty()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Packs first: as long as an intent is there, somebody may see what they were. The manifest stays. */
    private Mono<Void> deleted(Repair.Mode mode) {
        count.backup(label());
        return Flux.just(ObjectNames.packPrefix(system, label()), ObjectNames.intentPrefix(system, label()))
                .concatMap(
                        prefix -> repository
                                .store()
                                .list(prefix)
                                .flatMap(object -> deleted(object, mode), AT_ONCE)
                                .then(),
                        1)
                .then();
    }

    private Mono<Void> deleted(StoredObject object, Repair.Mode mode) {
        Mono<Void> work =
                mode == Repair.Mode.DRY_RUN ? Mono.empty() : repository.store().delete(object.name());
        return work.then(Mono.<Void>fromRunnable(() -> count.object(object)))
                .onErrorResume(
                        AccessRefused.class,
                        why -> Mono.fromRunnable(
                                () -> count.refused(object.name().value(), why)));
    }
}
