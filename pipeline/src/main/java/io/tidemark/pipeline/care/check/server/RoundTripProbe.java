package io.tidemark.pipeline.care.check.server;

import static java.util.Objects.requireNonNullElse;

import io.netty.buffer.ByteBuf;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Grant;
import io.tidemark.pipeline.care.check.probe.Known;
import io.tidemark.pipeline.care.check.probe.Mode;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.store.CheckedRepository;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.postgres.ArchiverState;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.SessionMode;
import io.tidemark.sinks.ObjectName;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The archiving round trip, with a real segment: a restore point of a random name is set, the segment switched, waited for
 * in each repository, read back, and the name looked for in it. So it is known that this server's WAL comes into these
 * repositories (trap T94), and opens.
 */
public final class RoundTripProbe implements Probe.Independent {
    private static final String NAME = "round trip";
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** After so many the archiver itself waits a minute. Source: PostgreSQL 17, pgarch.c, NUM_ARCHIVE_RETRIES. */
    private static final int ARCHIVER_RETRIES = 3;

    private static final Set<Grant> NEEDED = EnumSet.of(Grant.SWITCH_WAL, Grant.CREATE_RESTORE_POINT);

    private final ServerAccess access;
    private final Mono<ServerState> server;
    private final List<CheckedRepository> repositories;
    private final Mode mode;
    private final Duration patience;
    private final Clock clock;
    private final SecureRandom random;
    private final Scheduler timer;

    /** @param patience for everything, from the subscription on */
    public RoundTripProbe(
            ServerAccess access,
            Mono<ServerState> server,
            List<CheckedRepository> repositories,
            Mode mode,
            Duration patience,
            Clock clock,
            SecureRandom random,
            Scheduler timer) {
        this.access = access;
        this.server = server;
        this.repositories = List.copyOf(repositories);
        this.mode = mode;
        this.patience = patience;
        this.clock = clock;
        this.random = random;
        this.timer = timer;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Flux<Finding> findings() {
        return Flux.defer(() -> {
            Instant end = clock.instant().plus(patience);
            return Known.ofAnother(server)
                    .flatMapMany(state -> state.map(known -> of(known, end))
                            .orElseGet(() -> Flux.just(Finding.skipped(NAME, "no connection to the server"))));
        });
    }

    private Flux<Finding> of(ServerState state, Instant end) {
        Optional<Finding> reason = reasonAgainst(state, mode);
        return reason.isPresent()
                ? Flux.just(reason.get())
                : Flux.usingWhen(
                        access.connect(SessionMode.SQL),
                        connection -> tried(state, connection, end),
                        PostgresConnection::close);
    }

    /** Why nothing is switched. */
    static Optional<Finding> reasonAgainst(ServerState state, Mode mode) {
        if (state.isStandby()) {
            return skipped("a standby cannot switch WAL segments", "run check on the primary");
        }
        if (!"on".equals(state.setting("archive_mode").orElse(""))
                && !"always".equals(state.setting("archive_mode").orElse(""))) {
            return skipped("archive_mode is off", "turn it on, restart the server, and check again");
        }
        Set<Grant> lacking = EnumSet.copyOf(NEEDED);
        lacking.removeIf(state::may);
        if (!lacking.isEmpty()) {
            return skipped(
                    "the role may not set a restore point and switch the WAL segment",
                    RoleSql.missing(state.role(), state.database(), lacking));
        }
        if (state.systemIdentifier() == null) {
            return skipped("the server does not tell its system identifier", "run check as a role with pg_monitor");
        }
        return mode == Mode.DRY_RUN
                ? Optional.of(Finding.skipped(
                        NAME, "would set a restore point, switch the WAL segment and wait for it in every repository"))
                : Optional.empty();
    }

    private static Optional<Finding> skipped(String why, String hint) {
        return Optional.of(Finding.skipped(NAME, why, hint));
    }

    private Flux<Finding> tried(ServerState state, PostgresConnection connection, Instant end) {
        String point = "tidemark-check-" + hex(8);
        return ArchiverState.read(connection)
                .flatMap(before -> RestorePoint.set(connection, point, state)
                        .flatMap(set -> connection
                                .query("SELECT pg_catalog.pg_switch_wal()")
                                .thenReturn(new Trip(before, set))))
                .flatMapMany(trip -> awaited(state, connection, trip, end));
    }

    private Flux<Finding> awaited(ServerState state, PostgresConnection connection, Trip trip, Instant end) {
        ObjectName name = ObjectNames.segment(
                new SystemIdentifier(Objects.requireNonNull(state.systemIdentifier())),
                trip.point().segment());
        AtomicReference<ArchiverState> last = new AtomicReference<>(trip.before());
        return missing(name)
                .flatMap(missing -> ArchiverState.read(connection).map(archiver -> {
                    last.set(archiver);
                    return new Look(missing, archiver);
                }))
                .filter(look -> look.missing().isEmpty() || givesUp(look.archiver(), trip.before()))
                .repeatWhenEmpty(Integer.MAX_VALUE, again -> again.delayElements(PAUSE, timer))
                .map(Look::missing)
                .timeout(left(end), timer)
                .onErrorResume(TimeoutException.class, late -> missing(name))
                .flatMapMany(missing -> Flux.fromIterable(repositories)
                        .concatMap(
                                repository -> missing.contains(repository.name())
                                        ? Flux.just(repository.weighed(notArrived(
                                                trip, repository, requireNonNullElse(last.get(), trip.before()))))
                                        : readBack(repository, name, trip),
                                1));
    }

    private Duration left(Instant end) {
        Duration left = Duration.between(clock.instant(), end);
        return left.compareTo(PAUSE) > 0 ? left : PAUSE;
    }

    /** The archiver has tried and given up for a minute: it will not come. */
    private static boolean givesUp(ArchiverState now, ArchiverState before) {
        return now.isFailing() && now.failedCount() - before.failedCount() >= ARCHIVER_RETRIES;
    }

    /** The names of the repositories that do not show the segment, for whatever reason. */
    private Mono<Set<String>> missing(ObjectName name) {
        return Flux.fromIterable(repositories)
                .filterWhen(
                        repository -> repository
                                .root()
                                .store()
                                .stat(name)
                                .hasElement()
                                .onErrorReturn(false)
                                .map(there -> !there),
                        1)
                .map(CheckedRepository::name)
                .collect(HashSet::new, Set::add);
    }

    private Finding notArrived(Trip trip, CheckedRepository repository, ArchiverState last) {
        return Finding.failed(
                NAME,
                last.isFailing() ? FailureKind.POSTGRES : FailureKind.DEADLINE,
                "WAL segment " + trip.point().segment() + ", just switched, did not come into " + repository + "; "
                        + last.words(),
                last.isFailing()
                        ? "the server's log has what archive_command said"
                        : "does archive_command lead here? Is the archiver behind? More time: --timeout");
    }

    private Flux<Finding> readBack(CheckedRepository repository, ObjectName name, Trip trip) {
        return repository.findings(NAME, opened -> found(opened, name, trip));
    }

    private Mono<Finding> found(Repository repository, ObjectName name, Trip trip) {
        return Mono.defer(() -> {
            ByteSearch search = new ByteSearch(trip.point().name().getBytes(StandardCharsets.US_ASCII));
            return repository
                    .objects()
                    .file(name, trip.point().size().bytes(), anyFacts -> {})
                    .doOnNext(buffer -> lookInto(search, buffer))
                    .then(Mono.fromSupplier(
                            () -> search.isFound() ? arrived(repository, trip) : another(repository, trip)));
        });
    }

    private static void lookInto(ByteSearch search, ByteBuf buffer) {
        try {
            search.feed(buffer);
        } finally {
            buffer.release();
        }
    }

    private Finding arrived(Repository repository, Trip trip) {
        return Finding.ok(
                NAME,
                "WAL segment " + trip.point().segment() + ", just switched, came into repository \"" + repository.name()
                        + "\", opens, and has our restore point in it");
    }

    private Finding another(Repository repository, Trip trip) {
        return Finding.failed(
                NAME,
                FailureKind.INTEGRITY,
                "WAL segment " + trip.point().segment() + " in repository \"" + repository.name()
                        + "\" is another server's: the restore point that this one has just written is not in it",
                "two servers of one system archive into one repository: find out which may, and promote the other to a "
                        + "timeline of its own");
    }

    private String hex(int bytes) {
        byte[] id = new byte[bytes];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private record Trip(ArchiverState before, RestorePoint point) {}

    private record Look(Set<String> missing, ArchiverState archiver) {}
}
