package io.tidemark.pipeline.backup;

import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What every backup works with, wherever its files come from.
 *
 * @param targets at least one; all of one cluster
 * @param pageDigests makers of page-list entries, of the cluster's keyset; asked once a worker
 * @param cpu for compression and page digests, and for counting time
 * @param files for reading a directory, and for the temporary file in which the manifest is sorted
 */
public record BackupParts(
        List<BackupTarget> targets,
        Supplier<PageDigests> pageDigests,
        BackupSettings settings,
        Clock clock,
        RandomGenerator random,
        Scheduler cpu,
        Scheduler files,
        EventLog events,
        Progress progress) {
    public BackupParts {
        targets = List.copyOf(targets);
    }

    BackupLabel newLabel() {
        return BackupLabel.of(clock.instant(), random.nextInt());
    }

    /** @param pageBytes the cluster's block size */
    BackupRun begin(BackupLabel label, int pageBytes) {
        ChunkTools.Box tools = new ChunkTools.Box(pageDigests, settings.level(), pageBytes);
        return new BackupRun(label, pageBytes, settings, clock, random, tools, events);
    }

    TargetSet targetSet() {
        return new TargetSet(targets, cpu, events);
    }

    BackupFlow flow(BackupRun run, SystemIdentifier system, Node node, TargetSet set) {
        Intents intents = new Intents(set, system, run.label(), node, settings, clock, cpu);
        return new BackupFlow(run, system, set, intents, cpu, files, progress);
    }

    /** Closes what works with files. */
    Mono<Void> ended(AutoCloseable work) {
        return Mono.<Void>fromCallable(() -> {
                    work.close();
                    return null;
                })
                .subscribeOn(files);
    }
}
