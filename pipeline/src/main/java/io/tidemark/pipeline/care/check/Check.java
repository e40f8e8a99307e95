package io.tidemark.pipeline.care.check;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Runs probes side by side, each to its end or to the deadline that they share. */
public final class Check {
    private final List<Probe> probes;
    private final Mono<ServerState> server;
    private final Duration deadline;
    private final Scheduler timer;

    /**
     * @param server asked once, whatever the number of probes that need it
     * @param deadline for everything
     */
    public Check(List<Probe> probes, Mono<ServerState> server, Duration deadline, Scheduler timer) {
        this.probes = List.copyOf(probes);
        this.server = server;
        this.deadline = deadline;
        this.timer = timer;
    }

    /**
     * What was found, in the order of the probes, and of each in its own. Cold; never fails: what a probe ends with is its
     * last finding. Cancel ends all.
     */
    public Flux<Finding> findings() {
        return Flux.defer(() -> {
            Mono<ServerState> once = server.cache();
            Mono<Long> end = Mono.delay(deadline, timer).cache();
            return Flux.fromIterable(probes)
                    .flatMapSequential(probe -> within(end, probe, findings(probe, once)), Math.max(1, probes.size()));
        });
    }

    private static Flux<Finding> findings(Probe probe, Mono<ServerState> server) {
        if (probe instanceof Probe.Independent independent) {
            return Flux.defer(independent::findings);
        }
        Probe.OfServer judging = (Probe.OfServer) probe;
        return server.<Result>map(Result.Reached::new)
                .onErrorResume(failure -> Mono.just(new Result.NotReached()))
                .flatMapIterable(result -> result.judged(judging));
    }

    private Flux<Finding> within(Mono<Long> end, Probe probe, Flux<Finding> findings) {
        AtomicBoolean late = new AtomicBoolean();
        return findings.takeUntilOther(end.doOnNext(now -> late.set(true)))
                .concatWith(Flux.defer(() -> late.get() ? Flux.just(late(probe)) : Flux.empty()))
                .onErrorResume(failure -> Flux.just(Finding.failed(probe.name(), failure)));
    }

    private Finding late(Probe probe) {
        return Finding.failed(
                probe.name(),
                FailureKind.DEADLINE,
                "no answer within " + deadline.toSeconds() + " s",
                "what hangs, hangs for archiving too; more time: --timeout");
    }

    /** What became of the connection. */
    private sealed interface Result {
        List<Finding> judged(Probe.OfServer probe);

        record Reached(ServerState state) implements Result {
            @Override
            public List<Finding> judged(Probe.OfServer probe) {
                return probe.findings(state);
            }
        }

        /** Why is the connection probe's finding. */
        record NotReached() implements Result {
            @Override
            public List<Finding> judged(Probe.OfServer probe) {
                return List.of(Finding.skipped(probe.name(), "no connection to the server"));
            }
        }
    }
}
