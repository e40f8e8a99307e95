package io.tidemark.pipeline.care.check.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class AdmissionProbeTest {
    private final Fixture fixture = new Fixture();

    private static Finding only(Mono<SystemIdentifier> system, CheckedRepository repository) {
        return new AdmissionProbe(system, List.of(repository))
                .findings()
                .single()
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void t94_repositoryOfAnotherSystem_isRefusedAsArchivingWould() {
        fixture.segments(1, 1);
        SystemIdentifier other = SystemIdentifier.parse("6710995161739907408");

        assertThat(only(Mono.just(Fixture.SYSTEM), fixture.checked()).verdict()).isEqualTo(Verdict.OK);
        assertThat(only(Mono.just(other), fixture.checked())).satisfies(finding -> {
            assertThat(finding.failure()).isInstanceOf(IntegrityFailed.class);
            assertThat(finding.hint()).contains("tidemark init --new-system");
        });
    }

    @Test
    void e1_nothingKnownOrRepositoryDown_isSkipped() {
        CheckedRepository down = fixture.checked(
                "a",
                Requirement.REQUIRED,
                FaultyStore.of(fixture.store, Fault.any().fails(new StoreUnavailable("timed out", null))));

        assertThat(only(Mono.empty(), fixture.checked()).verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(only(Mono.just(Fixture.SYSTEM), down).verdict()).isEqualTo(Verdict.SKIPPED);
    }
}
