package io.tidemark.pipeline.care.check.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Mode;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

final class StoreProbeTest {
    private final Fixture fixture = new Fixture();

    private List<Finding> findings(ObjectStore through, Mode mode, Clock clock) {
        return findings(fixture.checked("a", Requirement.REQUIRED, through), mode, clock);
    }

    private static List<Finding> findings(CheckedRepository checked, Mode mode, Clock clock) {
        return new StoreProbe(checked, mode, "test", clock, Fixture.RANDOM, Schedulers.immediate())
                .findings()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private List<Finding> findings(ObjectStore through) {
        return findings(through, Mode.TRY, Fixture.CLOCK);
    }

    @Test
    void e1_aGoodStore_isOkAndNothingIsLeft() {
        List<String> before = fixture.store.names();

        List<Finding> findings = findings(fixture.store);

        assertThat(findings).extracting(Finding::verdict).containsExactly(Verdict.OK, Verdict.OK);
        assertThat(findings.get(0).text()).contains("put, conditional put, get, list and delete in /a/prod");
        assertThat(findings.get(1).probe()).isEqualTo("clock");
        assertThat(fixture.store.names()).isEqualTo(before);
    }

    @Test
    void e1_dryRun_writesNothingAndSaysWhatItWould() {
        ObjectStore untouchable =
                FaultyStore.of(fixture.store, Fault.put().fails(new AccessRefused("a put in a dry run", null)));

        List<Finding> findings = findings(untouchable, Mode.DRY_RUN, Fixture.CLOCK);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(finding.text()).contains("would put");
        });
    }

    @Test
    void st12_aStoreThatOverwrites_cannotBeARepository() {
        List<Finding> findings = findings(new OverwritingStore(fixture));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(finding.kind()).isEqualTo(FailureKind.STORE);
            assertThat(finding.text()).contains("overwrites");
        });
        assertThat(fixture.store.names()).noneMatch(name -> name.startsWith("index/check/"));
    }

    @Test
    void e1_aFullStore_isAFindingWithItsOwnWords() {
        ObjectStore full =
                FaultyStore.of(fixture.store, Fault.put().fails(new StoreFull("no space left\nHINT: make room", null)));

        List<Finding> findings = findings(full);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(finding.failure()).isInstanceOf(StoreFull.class);
            assertThat(finding.text()).isEqualTo("no space left");
            assertThat(finding.hint()).isEqualTo("make room");
        });
    }

    @Test
    void e1_deleteRefused_isAWarningForArchivingNeedsNone() {
        ObjectStore keeping =
                FaultyStore.of(fixture.store, Fault.delete().fails(new AccessRefused("delete is denied", null)));

        List<Finding> findings = findings(keeping);

        assertThat(findings.get(0).verdict()).isEqualTo(Verdict.WARN);
        assertThat(findings.get(0).text()).contains("delete does not");
    }

    @Test
    void e1_repositoryThatDoesNotOpen_isSkippedForTheKeysetProbeSaysWhy() {
        ObjectStore down = FaultyStore.of(fixture.store, Fault.any().fails(new StoreUnavailable("timed out", null)));

        assertThat(findings(down)).singleElement().returns(Verdict.SKIPPED, Finding::verdict);
    }

    @Test
    void e1_optionalRepository_isAWarningAtWorst() {
        ObjectStore full = FaultyStore.of(fixture.store, Fault.put().fails(new StoreFull("no space left", null)));

        List<Finding> findings = findings(fixture.checked("b", Requirement.OPTIONAL, full), Mode.TRY, Fixture.CLOCK);

        assertThat(findings).singleElement().returns(Verdict.WARN, Finding::verdict);
    }

    @Test
    void t97_aStoreWithAnotherClock_isAWarning() {
        Clock later = Clock.fixed(Instant.EPOCH.plus(Duration.ofMinutes(5)), ZoneOffset.UTC);

        List<Finding> findings = findings(fixture.store, Mode.TRY, later);

        assertThat(findings.get(1)).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.text()).contains("behind");
            assertThat(finding.hint()).contains("chronyc");
        });
    }

    @Test
    void e1_whatAKilledCheckHasLeft_isTakenAwayAfterADay() {
        fixture.store.plant("index/check/0123456789abcdef", new byte[10]);
        Clock nextDay = Clock.fixed(Instant.EPOCH.plus(Duration.ofHours(25)), ZoneOffset.UTC);

        findings(fixture.store, Mode.TRY, nextDay);

        assertThat(fixture.store.names()).noneMatch(name -> name.startsWith("index/check/"));
    }
}
