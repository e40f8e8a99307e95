package io.tidemark.pipeline.care.check;

import io.tidemark.pipeline.care.check.host.SpaceProbe;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.store.CheckedRepository;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.postgres.PgControl;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What one part of the check learns from another's: sizes, and which system this is. */
final class Holdings {
    private static final long MIB = 1 << 20;

    private Holdings() {}

    /** What the newest backup of a repository took; empty where it has none, or cannot be read. */
    static Mono<SpaceProbe.Need> lastBackup(CheckedRepository repository) {
        return repository
                .inventory()
                .flatMapIterable(info -> info.systems())
                .flatMapIterable(system -> system.backups())
                .filter(backup -> backup.state() == State.COMPLETE)
                .collectList()
                .flatMap(backups -> Mono.justOrEmpty(backups.stream().max(Comparator.comparing(Backup::label))))
                .map(backup -> new SpaceProbe.Need(backup.storedBytes(), "less than the last backup's"));
    }

    /** The room for WAL that waits, where the data directory is configured. */
    static Optional<Probe> wal(ClusterSettings cluster, Mono<ServerState> server, Scheduler files) {
        Path dataDirectory = cluster.dataDirectory();
        return dataDirectory == null
                ? Optional.empty()
                : Optional.of(new SpaceProbe(
                        "pg_wal",
                        dataDirectory.resolve("pg_wal"),
                        server.map(state -> new SpaceProbe.Need(
                                state.number("max_wal_size").orElse(0) * MIB, "less than max_wal_size,")),
                        files));
    }

    /** The server's system identifier, or that of the data directory. */
    static Mono<SystemIdentifier> system(ClusterSettings cluster, Mono<ServerState> server, Scheduler files) {
        Mono<SystemIdentifier> served = server.onErrorComplete()
                .flatMap(state -> Mono.justOrEmpty(state.systemIdentifier()))
                .map(SystemIdentifier::new);
        Path dataDirectory = cluster.dataDirectory();
        if (dataDirectory == null) {
            return served;
        }
        Mono<SystemIdentifier> lying = Mono.fromCallable(() -> PgControl.read(dataDirectory))
                .subscribeOn(files)
                .map(known -> new SystemIdentifier(known.systemIdentifier()))
                .onErrorComplete();
        return served.switchIfEmpty(lying);
    }
}
