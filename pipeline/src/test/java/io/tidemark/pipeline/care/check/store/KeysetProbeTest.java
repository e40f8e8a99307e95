package io.tidemark.pipeline.care.check.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.FileIdentity;
import io.tidemark.pipeline.keys.GenerationMemory;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RootExpectation;
import io.tidemark.pipeline.keys.TestKey;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeysetProbeTest {
    private final Fixture fixture = new Fixture();

    private List<Finding> findings(String root, KeysetAccess access, CheckedRepository... repositories) {
        return new KeysetProbe(new ClusterSettings("prod", null, root, null, null), access, List.of(repositories))
                .findings()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void e1_keysetThatOpens_saysByWhomAndWhoElseCan() {
        List<Finding> findings = findings(fixture.root, fixture.access(), fixture.checked());

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.OK);
            assertThat(finding.text()).contains("generation 1", "key file", "box", "recovery");
        });
    }

    @Test
    void e1_wrongKey_isAFailureOfKeys() {
        KeysetAccess wrong = new KeysetAccess(
                List.of(new FileIdentity(new TestKey("box", 2))),
                RootExpectation.exactly(fixture.root),
                GenerationMemory.none(),
                EventLog.silent());

        assertThat(findings(fixture.root, wrong, fixture.checked()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.failure()).isInstanceOf(KeysFailed.class);
                    assertThat(finding.hint()).contains("tidemark keys status");
                });
    }

    @Test
    void e1_otherRootThanConfigured_isAFailureOfIntegrity() {
        String other = "0".repeat(32);

        assertThat(findings(other, fixture.access(RootExpectation.exactly(other)), fixture.checked()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.failure()).isInstanceOf(IntegrityFailed.class));
    }

    @Test
    void e1_rootNotConfigured_isAWarningWithTheLine() {
        List<Finding> findings = findings(null, fixture.access(RootExpectation.notConfigured()), fixture.checked());

        assertThat(findings)
                .filteredOn(finding -> finding.verdict() == Verdict.WARN)
                .singleElement()
                .satisfies(finding -> assertThat(finding.hint()).contains("cluster.prod.root: " + fixture.root));
    }

    @Test
    void e1_noRecoveryKey_isAWarning() {
        Fixture daily = new Fixture(Fixture.Recipients.DAILY_KEY_ONLY);

        assertThat(findings(daily.root, daily.access(), daily.checked()))
                .filteredOn(finding -> finding.verdict() == Verdict.WARN)
                .singleElement()
                .satisfies(finding -> assertThat(finding.hint()).contains("recovery-key", "rotate"));
    }

    @Test
    void e1_forgedGeneration_isAFailureOfIntegrityAndSaysThatArchivingGoesOn() {
        fixture.store.plant("keys/00000002.json", new byte[20]);

        assertThat(findings(fixture.root, fixture.access(), fixture.checked()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(FailureKind.INTEGRITY);
                    assertThat(finding.text()).contains("generation 2");
                    assertThat(finding.hint()).contains("Archiving goes on under generation 1");
                });
    }

    @Test
    void e1_oneRepositoryDown_theOtherIsLookedAtAllTheSame() {
        CheckedRepository down = fixture.checked(
                "b",
                Requirement.REQUIRED,
                FaultyStore.of(fixture.copy("/b/prod"), Fault.any().fails(new StoreUnavailable("timed out", null))));

        List<Finding> findings = findings(fixture.root, fixture.access(), fixture.checked(), down);

        assertThat(findings).extracting(Finding::verdict).containsExactly(Verdict.OK, Verdict.FAIL);
        assertThat(findings.get(1).failure()).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void e1_repositoriesOfTwoClusters_isAFailureOfIntegrity() {
        MemoryStore other = new Fixture().store;

        List<Finding> findings = findings(
                null,
                fixture.access(RootExpectation.anything()),
                fixture.checked(),
                fixture.checked("b", Requirement.REQUIRED, other));

        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.INTEGRITY);
            assertThat(finding.text()).contains("different clusters");
        });
    }
}
