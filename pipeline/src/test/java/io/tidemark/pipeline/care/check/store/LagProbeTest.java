package io.tidemark.pipeline.care.check.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LagProbeTest {
    private final Fixture fixture = new Fixture();

    private List<Finding> findings(CheckedRepository other) {
        return new LagProbe(List.of(fixture.checked(), other))
                .findings()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private CheckedRepository other(MemoryStore store) {
        return fixture.checked("b", Requirement.OPTIONAL, store);
    }

    @Test
    void e1_equalRepositories_areOk() {
        fixture.segments(1, 2);

        assertThat(findings(other(fixture.copy("/b/prod")))).singleElement().returns(Verdict.OK, Finding::verdict);
    }

    @Test
    void e1_repositoryBehind_isNamedWithBothEndsAndTheMissingBackup() {
        fixture.segments(1, 2);
        MemoryStore behind = fixture.copy("/b/prod");
        fixture.segments(3, 5);
        fixture.backup();

        List<Finding> findings = findings(other(behind));

        assertThat(findings).extracting(Finding::verdict).containsExactly(Verdict.WARN, Verdict.WARN);
        assertThat(findings.get(0).text()).contains("\"b\"", "000000010000000000000002", "(3 segments behind)");
        assertThat(findings.get(1).text()).contains("lacks backup " + Fixture.LABEL);
    }

    @Test
    void e1_oneSegmentBehind_mayBeOnItsWay() {
        fixture.segments(1, 2);
        MemoryStore behind = fixture.copy("/b/prod");
        fixture.segments(3, 3);

        assertThat(findings(other(behind))).singleElement().returns(Verdict.OK, Finding::verdict);
    }

    @Test
    void e1_repositoryDown_leavesNothingToCompare() {
        CheckedRepository down = fixture.checked(
                "b",
                Requirement.REQUIRED,
                FaultyStore.of(fixture.store, Fault.any().fails(new StoreUnavailable("timed out", null))));

        assertThat(findings(down)).singleElement().returns(Verdict.SKIPPED, Finding::verdict);
    }
}
