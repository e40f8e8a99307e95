package io.tidemark.pipeline.care.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.PostgresFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

final class CheckRunTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private Check check(Mono<ServerState> server, Probe... probes) {
        return new Check(List.of(probes), server, DEADLINE, time);
    }

    private static Probe.Independent probe(String name, Flux<Finding> findings) {
        return new Probe.Independent() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Flux<Finding> findings() {
                return findings;
            }
        };
    }

    private static Probe.OfServer judging(String name) {
        return new Probe.OfServer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Finding> findings(ServerState server) {
                throw new IllegalStateException("asked without a server");
            }
        };
    }

    @Test
    void e1_probeThatFails_isAFindingAndTheOthersGoOn() {
        Check check = check(
                Mono.never(),
                probe("first", Flux.error(new IllegalStateException("a bug"))),
                probe("second", Flux.just(Finding.ok("second", "fine"))));

        StepVerifier.create(check.findings())
                .assertNext(finding -> {
                    assertThat(finding.probe()).isEqualTo("first");
                    assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
                    assertThat(finding.text()).isEqualTo("IllegalStateException: a bug");
                })
                .expectNext(Finding.ok("second", "fine"))
                .verifyComplete();
    }

    @Test
    void e1_probeThatThrowsWhileItIsAssembled_isAFindingToo() {
        Check check = check(Mono.never(), probe("first", Flux.defer(() -> {
            throw new IllegalArgumentException("no");
        })));

        StepVerifier.create(check.findings())
                .expectNextMatches(finding -> finding.failure() instanceof IllegalArgumentException)
                .verifyComplete();
    }

    @Test
    void e1_findings_comeInTheProbesOrderAlthoughProbesRunSideBySide() {
        Check check = check(
                Mono.never(),
                probe("slow", Mono.delay(Duration.ofSeconds(9), time).thenMany(Flux.just(Finding.ok("slow", "")))),
                probe("fast", Flux.just(Finding.ok("fast", ""))));

        StepVerifier.create(check.findings().map(Finding::probe))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(9)))
                .expectNext("slow", "fast")
                .verifyComplete();
    }

    @Test
    void e1_probeThatHangs_isADeadlineAfterWhatItHadFound() {
        Check check = check(
                Mono.never(),
                probe("hangs", Flux.just(Finding.ok("hangs", "so far")).concatWith(Flux.never())),
                probe("other", Flux.just(Finding.ok("other", ""))));

        StepVerifier.create(check.findings())
                .expectNext(Finding.ok("hangs", "so far"))
                .then(() -> time.advanceTimeBy(DEADLINE))
                .assertNext(finding -> {
                    assertThat(finding.probe()).isEqualTo("hangs");
                    assertThat(finding.kind()).isEqualTo(FailureKind.DEADLINE);
                    assertThat(finding.text()).isEqualTo("no answer within 60 s");
                })
                .expectNext(Finding.ok("other", ""))
                .verifyComplete();
    }

    @Test
    void e1_noServer_isAskedForOnceAndSkipsWhatNeedsIt() {
        AtomicInteger asked = new AtomicInteger();
        Mono<ServerState> server = Mono.defer(() -> {
            asked.incrementAndGet();
            return Mono.error(new PostgresFailed("connection refused"));
        });

        StepVerifier.create(check(server, judging("role"), judging("wal_level")).findings())
                .expectNext(Finding.skipped("role", "no connection to the server"))
                .expectNext(Finding.skipped("wal_level", "no connection to the server"))
                .verifyComplete();
        assertThat(asked).hasValue(1);
    }
}
