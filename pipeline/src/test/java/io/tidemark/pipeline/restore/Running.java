package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Runs restores on the test's own thread, on the morning of 27 November 2026. */
final class Running {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-27T08:00:00Z"), ZoneOffset.UTC);

    private Running() {}

    static Restore restore() {
        return restore(EventLog.silent());
    }

    private static Restore restore(EventLog events) {
        return restore(new Restore.Reading(8 << 20, 8), events);
    }

    static Restore restore(Restore.Reading reading, EventLog events) {
        return new Restore(
                CLOCK,
                Schedulers.immediate(),
                Schedulers.immediate(),
                new RestoreCommandLine(Path.of("/usr/bin/tidemark"), () -> List.of("--cluster", "prod")),
                reading,
                events);
    }

    static RestorePlan plan(TestRepository repository, RestoreRequest request) {
        return plan(request, repository.source());
    }

    static RestorePlan plan(RestoreRequest request, RestoreSource... sources) {
        RestorePlan plan = restore().plan(request, offers(sources)).block();
        if (plan == null) {
            throw new AssertionError("no plan");
        }
        return plan;
    }

    static List<Restore.Offer> offers(RestoreSource... sources) {
        return Stream.of(sources)
                .map(source -> new Restore.Offer(source.name(), Mono.just(source)))
                .toList();
    }

    static void run(RestorePlan plan) {
        run(plan, List.of());
    }

    static Restore.Done run(RestorePlan plan, List<Restore.Offer> offers) {
        return run(plan, offers, EventLog.silent());
    }

    static Restore.Done run(RestorePlan plan, List<Restore.Offer> offers, EventLog events) {
        Restore.Done done =
                restore(events).run(plan, offers, Progress.silent(), anew -> {}).block();
        if (done == null) {
            throw new AssertionError("not done");
        }
        return done;
    }
}
