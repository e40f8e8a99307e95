package io.tidemark.pipeline.archive;

import io.tidemark.pipeline.catalog.AdmissionMemory;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.stage.Compress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * archive-push: one file of pg_wal into every repository. Success means that each required repository has it durably
 * (invariant 1); optional ones get it too if they are quick enough, and never decide anything.
 *
 * <p>The file is read once for each repository, from the page cache after the first time; so a slow repository holds up
 * no other, and a push holds about 3 MiB for each whatever the size of segments.
 */
public final class WalArchiver {
    /** Of the deadline: how long optional repositories may take when the required ones are done. */
    private static final int OPTIONAL_SHARE = 4;

    private final List<ConfiguredRepository> repositories;
    private final Origin origin;
    private final Settings settings;
    private final Compress compress;
    private final AdmissionMemory admissions;
    private final Clock clock;
    private final Scheduler files;
    private final EventLog events;

    /**
     * @param node that the data directory is
     * @param tool name and version, for facts
     * @param deadline after it the push has failed
     */
    public record Settings(String node, String tool, Duration deadline) {}

    /**
     * @param admissions what spares asking each repository whether it is this system's
     * @param files for reading pg_wal, and for waiting
     */
    public WalArchiver(
            List<ConfiguredRepository> repositories,
            Origin origin,
            Settings settings,
            Compress compress,
            AdmissionMemory admissions,
            Clock clock,
            Scheduler files,
            EventLog events) {
        this.repositories = List.copyOf(repositories);
        this.origin = origin;
        this.settings = settings;
        this.compress = compress;
        this.admissions = admissions;
        this.clock = clock;
        this.files = files;
        this.events = events;
    }

    /**
     * Archives one file; completes when it is durable in every required repository.
     *
     * @param file as PostgreSQL gives it: relative to the data directory, or absolute
     * @return fails with what is wrong with the file, with what a required repository failed with, or with
     *     {@link DeadlinePassed}; nothing is overwritten in any case, and the same call may be repeated
     */
    public Mono<Void> push(Path file) {
        return Mono.fromCallable(() -> offered(file))
                .subscribeOn(files)
                .flatMap(this::everywhere)
                .timeout(settings.deadline(), files)
                .onErrorMap(
                        TimeoutException.class,
                        e -> new DeadlinePassed(
                                file + " was not durable in every required repository within "
                                        + settings.deadline().toSeconds() + " s",
                                e));
    }

    private Offer offered(Path file) {
        if (repositories.stream().noneMatch(ConfiguredRepository::required)) {
            throw new UsageError(
                    "no repository is required, so nothing could ever be called archived",
                    "leave out `required: false` for at least one repository");
        }
        origin.requireNoEncryptedWal();
        OfferedFile offered = OfferedFile.at(origin.directory().resolve(file), files);
        WalBody bodies = new WalBody(origin, settings.node(), settings.tool(), clock, compress, events);
        return new Offer(offered, bodies.of(offered));
    }

    private Mono<Void> everywhere(Offer offer) {
        Sinks.Empty<Void> requiredDone = Sinks.empty();
        Mono<Void> required = required(offer).doFinally(signal -> requiredDone.emitEmpty((s, r) -> false));
        Mono<Void> enough =
                Mono.when(requiredDone.asMono(), Mono.delay(settings.deadline().dividedBy(OPTIONAL_SHARE), files));
        // required first: what fails at subscription is then theirs
        return Mono.when(required, optional(offer, enough));
    }

    /** All are tried, whatever becomes of the others; then the gravest failure stands for all. */
    private Mono<Void> required(Offer offer) {
        return Flux.fromStream(repositories.stream().filter(ConfiguredRepository::required))
                .flatMap(
                        repository -> store(repository, offer)
                                .then(Mono.<Failure>empty())
                                .onErrorResume(error -> Mono.just(new Failure(repository.name(), error))),
                        repositories.size())
                .reduce((a, b) -> graver(offer, a, b))
                .flatMap(gravest -> Mono.error(gravest.error()));
    }

    private Mono<Void> optional(Offer offer, Mono<Void> enough) {
        Set<String> unfinished = ConcurrentHashMap.newKeySet();
        return Flux.fromStream(repositories.stream().filter(repository -> !repository.required()))
                .flatMap(
                        repository -> store(repository, offer)
                                .doOnSubscribe(s -> unfinished.add(repository.name()))
                                .doOnTerminate(() -> unfinished.remove(repository.name()))
                                .onErrorResume(error -> {
                                    report(ArchiveEvent.OPTIONAL_FAILED, offer, repository.name(), error);
                                    return Mono.empty();
                                }),
                        Math.max(1, repositories.size()))
                .then()
                .takeUntilOther(enough)
                .doOnTerminate(() -> unfinished.forEach(name -> report(ArchiveEvent.OPTIONAL_LAGS, offer, name, null)));
    }

    private Mono<Void> store(ConfiguredRepository configured, Offer offer) {
        return configured.use(repository ->
                new RepositoryPush(repository, origin.system(), offer.file(), offer.body(), admissions, events).run());
    }

    private void report(ArchiveEvent kind, Offer offer, String repository, @Nullable Throwable why) {
        Event event = Event.of(kind).with("file", offer.file().name()).with("repository", repository);
        events.report(why == null ? event : event.with("why", String.valueOf(why.getMessage())));
    }

    /** Of several failures, what needs a person goes before what may pass by itself; the other one is told here. */
    private Failure graver(Offer offer, Failure a, Failure b) {
        boolean second = b.error() instanceof IntegrityFailed && !(a.error() instanceof IntegrityFailed);
        Failure lesser = second ? a : b;
        report(ArchiveEvent.REQUIRED_FAILED, offer, lesser.repository(), lesser.error());
        return second ? b : a;
    }

    private record Offer(OfferedFile file, SealedBody body) {}

    private record Failure(String repository, Throwable error) {}
}
