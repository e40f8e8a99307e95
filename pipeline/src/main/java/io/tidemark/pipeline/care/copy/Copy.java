package io.tidemark.pipeline.care.copy;

import io.tidemark.pipeline.care.info.RepositoryInventory;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedCopy;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.pipeline.keys.GenerationCopy;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.StoredObject;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Brings a repository what another one of the same cluster has and it lacks: keyset generations first, then captures and WAL,
 * then, backup by backup, packs and last the manifest. So whatever moment it ends at, what is there is whole; another run goes
 * on from there. Nothing is overwritten, and what cannot be copied is named while the rest goes on.
 */
public final class Copy {
    /** Captures before the WAL and the backups that need them. */
    private static final List<String> BEFORE_BACKUPS = List.of("tde", "tde-keys", "wal", "rival", "stream");

    private static final int MOST_AT_ONCE = 8;

    private final KeysetAccess access;
    private final Compress compress;
    private final String tool;
    private final Clock clock;

    /** @param tool what writes the intents, for their facts */
    public Copy(KeysetAccess access, Compress compress, String tool, Clock clock) {
        this.access = access;
        this.compress = compress;
        this.tool = tool;
        this.clock = clock;
    }

    /** What would be copied, by listings and the heads of manifests; nothing is written, and no other object is opened. */
    public Mono<CopyReport> plan(Repository from, Repository to, Share share) {
        return Mono.defer(() -> {
            Route route = route(from, to, share, Progress.silent());
            return systems(route)
                    .concatMap(
                            system -> route.planned(beforeBackups(route, system))
                                    .then(backups(route, system, BackupCopy::plan)),
                            1)
                    .then(Mono.fromSupplier(() -> report(route)));
        });
    }

    /**
     * Copies. A share of several brings WAL and packs only: manifests need all of them, so that a last run without shares adds
     * these. Fails with {@link IntegrityFailed} where the two are of different clusters, and as keys and stores fail.
     */
    public Mono<CopyReport> run(Repository from, Repository to, Share share, Progress progress) {
        return Mono.defer(() -> {
            Route route = route(from, to, share, progress);
            return generations(from, to)
                    .thenMany(systems(route))
                    .concatMap(
                            system -> route.copied(beforeBackups(route, system))
                                    .then(backups(route, system, BackupCopy::run)),
                            1)
                    .then(Mono.fromSupplier(() -> report(route)));
        });
    }

    private Route route(Repository from, Repository to, Share share, Progress progress) {
        requireSameCluster(from, to);
        return new Route(
                from,
                to,
                share,
                new CopyCount(progress),
                new SealedCopy(from, to, () -> generations(from, to)),
                Math.min(
                        MOST_AT_ONCE,
                        Math.min(
                                from.store().capabilities().concurrency(),
                                to.store().capabilities().concurrency())),
                compress,
                tool,
                clock);
    }

    private Mono<Void> generations(Repository from, Repository to) {
        return new GenerationCopy(access, from.store(), from.marker())
                .run(to.store(), from.keyring().generation())
                .then();
    }

    private static void requireSameCluster(Repository from, Repository to) {
        String ours = from.marker().cluster();
        String theirs = to.marker().cluster();
        if (!ours.equals(theirs)
                || !from.derivations().rootHex().equals(to.derivations().rootHex())) {
            throw new IntegrityFailed(
                    from + " is of cluster " + ours + ", " + to + " of " + theirs
                            + (ours.equals(theirs) ? " by its marker, but of another root key" : ""),
                    "objects are copied within one cluster; `tidemark init` gives a new repository its keyset");
        }
    }

    private static Flux<SystemOf> systems(Route route) {
        return new RepositoryInventory().of(route.from()).flatMapIterable(info -> info.systems());
    }

    private static Flux<StoredObject> beforeBackups(Route route, SystemOf system) {
        return Flux.fromIterable(BEFORE_BACKUPS)
                .concatMap(
                        part -> Missing.of(
                                route.from().store(), route.to().store(), system.system() + "/" + part + "/"),
                        1)
                .filter(object -> route.share().has(object.name()) && isKnown(route, object));
    }

    private static boolean isKnown(Route route, StoredObject object) {
        boolean known = ObjectNames.parse(object.name()).isPresent();
        if (!known) {
            route.count().problem(object.name(), "Tidemark gives no object such a name");
        }
        return known;
    }

    private static Mono<Void> backups(Route route, SystemOf system, Function<BackupCopy, Mono<Void>> work) {
        return Flux.fromIterable(system.backups())
                .concatMap(backup -> backup(route, system, backup).flatMap(work), 1)
                .then();
    }

    /** Empty for what is no backup, with the reason counted. */
    private static Mono<BackupCopy> backup(Route route, SystemOf system, Backup backup) {
        ManifestLine.Header header = backup.header();
        if (header != null) {
            return Mono.just(new BackupCopy(route, system, backup, header));
        }
        switch (backup.state()) {
            case COMPLETE, UNREADABLE ->
                route.count()
                        .problem(
                                ObjectNames.manifest(system.system(), backup.label()),
                                String.valueOf(backup.problem()));
            case UNFINISHED -> route.count().leftOut(backup.label(), "it is running or was interrupted");
            case ABANDONED -> route.count().leftOut(backup.label(), "it was interrupted and given up");
        }
        return Mono.empty();
    }

    private static CopyReport report(Route route) {
        return route.count().report(route.from().name(), route.to().name());
    }
}
