package io.tidemark.pipeline.archive;

import io.tidemark.pipeline.archive.Answer.Doubt;
import io.tidemark.pipeline.config.ArchiveGetSettings;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.stage.DurableFile;
import io.tidemark.sinks.StoreException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * archive-get: one file out of the first repository that has it, written durably; otherwise the truth about its absence
 * (invariant 3).
 *
 * <p>Repositories are asked one after the other, but none waits for a silent one longer than {@link #HEAD_START}. Absent is
 * only what all of them say. A gap is asked again for the configured patience, for parallel pushes land out of order; of a
 * standby, which asks for ever and which an answer of doubt would shut down, every doubt.
 */
public final class WalFetcher {
    private static final Duration HEAD_START = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final List<ConfiguredRepository> repositories;
    private final Origin origin;
    private final ArchiveGetSettings settings;
    private final Scheduler files;
    private final SecureRandom random;
    private final EventLog events;

    /**
     * @param repositories to ask, in this order; at least one
     * @param settings deadline: for asking them all once; patience: for asking again
     * @param files for the destination, and for waiting
     * @param random for names of temporary files
     */
    public WalFetcher(
            List<ConfiguredRepository> repositories,
            Origin origin,
            ArchiveGetSettings settings,
            Scheduler files,
            SecureRandom random,
            EventLog events) {
        if (repositories.isEmpty()) {
            throw new IllegalArgumentException("nobody to ask");
        }
        this.repositories = List.copyOf(repositories);
        this.origin = origin;
        this.settings = settings;
        this.files = files;
        this.random = random;
        this.events = events;
    }

    /** The answer, after patience; never fails for what a repository does. Cancel leaves no temporary file. */
    public Mono<Answer> fetch(FetchRequest request) {
        return Mono.defer(() -> {
            long until = now() + settings.patience().toMillis();
            return asked(request, FIRST_PAUSE, until);
        });
    }

    private Mono<Answer> asked(FetchRequest request, Duration pause, long until) {
        return everywhere(request).flatMap(answer -> {
            if (!(answer instanceof Answer.InDoubt doubt) || !worthWaiting(doubt) || now() >= until) {
                return Mono.just(answer);
            }
            if (pause.equals(FIRST_PAUSE)) {
                events.report(told(ArchiveEvent.RETRYING, request, doubt));
            }
            Duration longer =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            return Mono.delay(pause, files).then(Mono.defer(() -> asked(request, longer, until)));
        });
    }

    private boolean worthWaiting(Answer.InDoubt doubt) {
        return doubt.doubt() == Doubt.GAP || origin.isStandby();
    }

    private long now() {
        return files.now(TimeUnit.MILLISECONDS);
    }

    /** What to tell a standby instead of a doubt; see CLI.md, exit codes. Blocking, briefly. */
    public boolean mayTellStandbyAbsent(FetchRequest request, Answer.InDoubt doubt) {
        if (!origin.isStandby() || origin.isBeingPromoted()) {
            return false;
        }
        events.report(told(ArchiveEvent.STANDBY_TOLD_ABSENT, request, doubt));
        return true;
    }

    private static Event told(ArchiveEvent kind, FetchRequest request, Answer.InDoubt doubt) {
        return Event.of(kind)
                .with("file", request.file())
                .with("repository", doubt.repository())
                .with("why", String.valueOf(doubt.why().getMessage()));
    }

    private Mono<Answer> everywhere(FetchRequest request) {
        List<Sinks.Empty<Void>> finished = new ArrayList<>();
        Flux<Answer> answers = Flux.range(0, repositories.size())
                .flatMap(
                        i -> {
                            Sinks.Empty<Void> done = Sinks.empty();
                            finished.add(done);
                            Mono<Answer> asking = ask(repositories.get(i), request)
                                    .doFinally(signal -> done.emitEmpty((s, r) -> false));
                            return i == 0
                                    ? asking
                                    : turn(finished.get(i - 1), i).then(asking);
                        },
                        repositories.size());
        return answers.takeUntil(answer -> answer instanceof Answer.Found)
                .collectList()
                .map(list -> together(request, list));
    }

    private Mono<Void> turn(Sinks.Empty<Void> before, int place) {
        return Mono.firstWithSignal(
                before.asMono(),
                Mono.delay(HEAD_START.multipliedBy(place), files).then());
    }

    private Mono<Answer> ask(ConfiguredRepository repository, FetchRequest request) {
        return repository
                .use(opened -> new RepositorySearch(opened, origin, request, this::durably, events).run())
                .timeout(settings.deadline(), files)
                .onErrorResume(error -> Mono.just(doubt(repository, error)));
    }

    private static Answer doubt(ConfiguredRepository repository, Throwable error) {
        if (error instanceof TimeoutException) {
            return new Answer.InDoubt(
                    repository.name(),
                    Doubt.UNREACHABLE,
                    new StoreFailed("repository \"" + repository.name() + "\" did not answer in time", error));
        }
        boolean passing = (error instanceof StoreException store && store.isTransient())
                || (error instanceof TidemarkException ours && ours.isTransient());
        return new Answer.InDoubt(repository.name(), passing ? Doubt.UNREACHABLE : Doubt.WRONG, error);
    }

    private Answer together(FetchRequest request, List<Answer> answers) {
        for (Answer answer : answers) {
            if (answer instanceof Answer.Found) {
                return answer;
            }
        }
        List<Answer.InDoubt> doubts = answers.stream()
                .filter(answer -> answer instanceof Answer.InDoubt)
                .map(answer -> (Answer.InDoubt) answer)
                .toList();
        if (doubts.isEmpty()) {
            return new Answer.Absent();
        }
        // a gap goes first: as long as it may fill, it is worth asking again
        Answer.InDoubt told = doubts.stream()
                .filter(doubt -> doubt.doubt() == Doubt.GAP)
                .findFirst()
                .orElse(doubts.get(0));
        doubts.stream()
                .filter(doubt -> doubt != told)
                .forEach(doubt -> events.report(told(ArchiveEvent.IN_DOUBT, request, doubt)));
        return told;
    }

    /**
     * PostgreSQL itself removes {@code xlogtemp.*} from pg_wal when it starts, so that what a crash leaves behind is not
     * left for ever.
     */
    private DurableFile durably(Path destination) {
        byte[] unique = new byte[8];
        random.nextBytes(unique);
        return new DurableFile(
                destination, "xlogtemp.tidemark-" + HexFormat.of().formatHex(unique), files);
    }
}
