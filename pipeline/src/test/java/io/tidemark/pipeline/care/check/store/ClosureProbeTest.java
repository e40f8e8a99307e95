package io.tidemark.pipeline.care.check.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.config.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClosureProbeTest {
    private final Fixture fixture = new Fixture();

    private List<Finding> findings() {
        return new ClosureProbe(fixture.checked())
                .findings()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private Finding only() {
        List<Finding> findings = findings();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void e1_everythingThere_isOkAndSaysHowFarTheWalGoes() {
        fixture.segments(1, 4);
        fixture.backup();

        assertThat(only()).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.OK);
            assertThat(finding.text()).contains("1 backup", "000000010000000000000004");
        });
    }

    @Test
    void e1_emptyRepository_isAWarningThatNothingCanBeRestored() {
        assertThat(only()).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.hint()).contains("tidemark backup");
        });
    }

    @Test
    void e1_gapBeforeTheOldestBackup_stopsNoRestore() {
        fixture.segments(0, 0);
        fixture.segments(2, 4);
        fixture.backup();

        assertThat(only().verdict()).as("it begins in segment 2").isEqualTo(Verdict.OK);
    }

    @Test
    void e1_gapBehindABackup_stopsIt() {
        fixture.segments(2, 3);
        fixture.segments(5, 5);
        fixture.backup();

        assertThat(only()).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.text()).contains("lacks 1 WAL segment, 000000010000000000000004");
        });
    }

    @Test
    void e1_packGone_namesIt() {
        fixture.segments(2, 3);
        fixture.backup();
        fixture.store.uproot(ObjectNames.pack(Fixture.SYSTEM, Fixture.LABEL, 1).value());

        assertThat(only()).satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.INTEGRITY);
            assertThat(finding.text()).contains("/pack/01/00000001");
            assertThat(finding.hint()).contains("tidemark backup");
        });
    }

    @Test
    void e1_packOfAnotherLength_namesBoth() {
        fixture.segments(2, 3);
        fixture.backup();
        String pack = ObjectNames.pack(Fixture.SYSTEM, Fixture.LABEL, 1).value();
        fixture.store.plant(pack, new byte[7]);

        assertThat(only().text()).contains("7 bytes, not ");
    }

    @Test
    void e1_walOfTheBackupGone_namesTheSegment() {
        fixture.segments(1, 2);
        fixture.backup();

        assertThat(only()).satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.INTEGRITY);
            assertThat(finding.text())
                    .contains("WAL segment 000000010000000000000003")
                    .doesNotContain("000000000002");
        });
    }

    @Test
    void e1_walOfTheBackupOnlyBesideAForeignObject_isThere() {
        fixture.segments(2, 2);
        fixture.backup();
        fixture.store.plant(
                ObjectNames.segment(Fixture.SYSTEM, Fixture.segment(3)) + ".again.3364ee031880bac0", new byte[1]);

        assertThat(only()).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.text()).contains(".again.");
        });
    }

    @Test
    void e1_stoppedDirectoryWithoutArchivedWal_needsNone() {
        fixture.backup();
        fixture.store.uproot(ObjectNames.manifest(Fixture.SYSTEM, Fixture.LABEL).value());
        fixture.manifest(
                BackupOrigin.STOPPED,
                fixture.store.content(ObjectNames.pack(Fixture.SYSTEM, Fixture.LABEL, 1)
                                .value())
                        .length);

        assertThat(only().verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void e1_manifestThatDoesNotOpen_isAnIntegrityFailure() {
        fixture.store.plant(ObjectNames.manifest(Fixture.SYSTEM, Fixture.LABEL).value(), new byte[100]);

        assertThat(only()).satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.INTEGRITY);
            assertThat(finding.text()).contains("does not open");
        });
    }

    @Test
    void e1_gapsRivalsAndTimelinesWithoutHistory_areEachNamed() {
        fixture.segments(1, 1);
        fixture.segments(5, 5);
        fixture.store.plant(Fixture.SYSTEM + "/wal/00000002/0000000200000000/000000020000000000000005", new byte[1]);
        fixture.store.plant(Fixture.SYSTEM + "/rival/00000001/000000010000000000000005.3364ee031880bac0", new byte[1]);

        List<Finding> findings = findings();

        assertThat(findings).extracting(Finding::text).anyMatch(text -> text.contains("lacks 3 WAL segments"));
        assertThat(findings).extracting(Finding::text).anyMatch(text -> text.contains("/rival/"));
        assertThat(findings)
                .filteredOn(finding -> finding.verdict() == Verdict.FAIL)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.text()).contains("timeline 2 has WAL and no history file");
                    assertThat(finding.hint()).contains("archive-push pg_wal/00000002.history");
                });
    }
}
