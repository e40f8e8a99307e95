package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;

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
        return new Restore(
                CLOCK,
                Schedulers.immediate(),
                Schedulers.immediate(),
                new RestoreCommandLine(Path.of("/usr/bin/tidemark"), () -> List.of("--cluster", "prod")));
    }

    static RestorePlan plan(TestRepository repository, RestoreRequest request) {
        return plan(request, repository.source());
    }

    static RestorePlan plan(RestoreRequest request, RestoreSource... sources) {
        RestorePlan plan = restore()
                .plan(request, Stream.of(sources).map(Mono::just).toList())
                .block();
        if (plan == null) {
            throw new AssertionError("no plan");
        }
        return plan;
    }

    static void run(RestorePlan plan) {
        assertThat(restore().run(plan, Progress.silent()).block()).as("remarks").isNotNull();
    }
}
