package io.tidemark.pipeline.care.check.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Grant;
import io.tidemark.pipeline.care.check.probe.Mode;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.ArchiverState;
import io.tidemark.pipeline.postgres.SystemIdentification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class SettingProbesTest {
    private static final ExpectedCommand EXPECTED = new ExpectedCommand(
            Path.of("/opt/tidemark/bin/tidemark"),
            List.of("--config", "/etc/tidemark/tidemark.yaml", "--cluster", "prod"),
            "/etc/tidemark/tidemark.yaml",
            "prod");

    private static List<Finding> findings(States states) {
        return SettingProbes.all(EXPECTED).stream()
                .flatMap(probe -> ((Probe.OfServer) probe).findings(states.state()).stream())
                .toList();
    }

    /** What is not OK. */
    private static Finding only(States states) {
        List<Finding> bad = findings(states).stream()
                .filter(finding -> finding.verdict() != Verdict.OK)
                .toList();
        assertThat(bad).hasSize(1);
        return bad.get(0);
    }

    private static void assertFails(States states, String probe, FailureKind kind, String hint) {
        assertThat(only(states)).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(finding.probe()).isEqualTo(probe);
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.hint()).contains(hint);
        });
    }

    private static void assertWarns(States states, String probe, String hint) {
        assertThat(only(states)).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.probe()).isEqualTo(probe);
            assertThat(finding.hint()).contains(hint);
        });
    }

    @Test
    void e1_healthyServerWithALeastPrivilegeRole_isAllOk() {
        assertThat(findings(States.healthy())).allMatch(finding -> finding.verdict() == Verdict.OK);
    }

    @Test
    void e1_archiveModeOff_saysTheLineAndThatARestartIsNeeded() {
        States off = States.healthy().with("archive_mode", "off");

        assertFails(off, "archive_mode", FailureKind.USAGE, "ALTER SYSTEM SET archive_mode = on; then restart");
    }

    @Test
    void e1_archiveModeChangedWithoutRestart_saysSo() {
        States pending = States.healthy();
        pending.pendingRestart = Set.of("archive_mode");

        assertFails(pending, "archive_mode", FailureKind.USAGE, "restart");
    }

    @Test
    void e1_walLevelMinimal_fails() {
        assertFails(
                States.healthy().with("wal_level", "minimal"),
                "wal_level",
                FailureKind.USAGE,
                "ALTER SYSTEM SET wal_level = replica; then restart");
    }

    @Test
    void e1_archiveLibrary_saysThatTheCommandIsNotUsed() {
        assertFails(
                States.healthy().with("archive_library", "basic_archive"),
                "archive_library",
                FailureKind.USAGE,
                "ALTER SYSTEM RESET archive_library");
    }

    @Test
    void t23_s41_noArchiveTimeout_isAWarningAboutTimeNotAboutASegment() {
        assertWarns(
                States.healthy().with("archive_timeout", "0"),
                "archive_timeout",
                "ALTER SYSTEM SET archive_timeout = '60s'");
        assertThat(only(States.healthy().with("archive_timeout", "0")).text()).contains("hours or days");
    }

    @Test
    void t23_archiveTimeoutOfADay_isAWarningToo() {
        assertWarns(States.healthy().with("archive_timeout", "86400"), "archive_timeout", "'60s'");
    }

    @Test
    void e1_fullPageWritesOff_warnsOnAPrimaryAndFailsOnAStandby() {
        assertWarns(States.healthy().with("full_page_writes", "off"), "full_page_writes", "full_page_writes = on");
        assertFails(
                States.healthy().standby().with("full_page_writes", "off"),
                "full_page_writes",
                FailureKind.USAGE,
                "full_page_writes = on");
    }

    @Test
    void e1_fsyncOffAndNoChecksums_areWarnings() {
        assertWarns(States.healthy().with("fsync", "off"), "fsync", "ALTER SYSTEM SET fsync = on");
        assertWarns(States.healthy().with("data_checksums", "off"), "data checksums", "pg_checksums --enable");
    }

    @Test
    void e1_archiverThatFails_isToldInWords() {
        States failing = States.healthy();
        failing.archiver = new ArchiverState(
                4,
                "000000010000000000000004",
                States.NOW.minus(Duration.ofHours(3)),
                12,
                "000000010000000000000005",
                States.NOW.minusSeconds(7),
                States.NOW);

        assertFails(failing, "archiver", FailureKind.POSTGRES, "server's log");
        assertThat(only(failing).text())
                .isEqualTo(
                        "archiving of 000000010000000000000005 fails, last tried 7 s ago (12 failures); last archived "
                                + "000000010000000000000004 3 h ago");
    }

    @Test
    void e1_walSendersAllInUseOrForbidden_fail() {
        States used = States.healthy();
        used.walSenders = OptionalLong.of(10);

        assertFails(used, "max_wal_senders", FailureKind.POSTGRES, "max_wal_senders = 14");
        assertFails(
                States.healthy().with("max_wal_senders", "0"),
                "max_wal_senders",
                FailureKind.USAGE,
                "max_wal_senders = 4");
    }

    @Test
    void t91_standbyThatReplaysLate_isAWarning() {
        assertWarns(
                States.healthy().standby().with("recovery_min_apply_delay", "3600000"), "recovery", "without delay");
    }

    @Test
    void t97_serverClockOff_isAWarning() {
        States off = States.healthy();
        off.clock = States.NOW.plusSeconds(90);

        assertWarns(off, "clock", "chronyc");
        assertThat(only(off).text()).contains("90 s ahead");
    }

    @Test
    void e12_pgTdeWalEncryption_isNotInThisVersion() {
        assertFails(
                States.healthy().with("pg_tde.wal_encrypt", "on").with("shared_preload_libraries", "pg_tde"),
                "pg_tde",
                FailureKind.NOT_IN_THIS_VERSION,
                "pg_tde");
        assertWarns(States.healthy().with("shared_preload_libraries", "pg_tde"), "pg_tde", "pg_tde_basebackup");
    }

    @Test
    void e1_roleWithoutReplication_failsWithTheSql() {
        assertFails(
                States.healthy().without(Grant.REPLICATION),
                "role",
                FailureKind.POSTGRES,
                "ALTER ROLE tidemark REPLICATION;");
    }

    @Test
    void e1_roleWithoutTheRest_isWarnedWithExactlyTheMissingSql() {
        Finding finding = only(States.healthy().without(Grant.SWITCH_WAL, Grant.READ_STATISTICS));

        assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
        assertThat(finding.hint())
                .isEqualTo("GRANT pg_monitor TO tidemark; GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal(), "
                        + "pg_catalog.pg_create_restore_point(text) TO tidemark;  (in database postgres)");
    }

    @Test
    void e1_superuser_isToldTheSqlOfARoleOfItsOwn() {
        States superuser = States.healthy();
        superuser.grants = EnumSet.of(Grant.SUPERUSER);

        assertThat(findings(superuser))
                .filteredOn(f -> f.probe().equals("role"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.verdict()).isEqualTo(Verdict.OK);
                    assertThat(finding.text())
                            .contains("CREATE ROLE tidemark LOGIN REPLICATION; GRANT pg_monitor TO tidemark;");
                });
    }

    @Test
    void roleNames_areQuotedWhereSqlNeedsIt() {
        assertThat(RoleSql.identifier("tidemark")).isEqualTo("tidemark");
        assertThat(RoleSql.identifier("Back\"up")).isEqualTo("\"Back\"\"up\"");
    }

    @Test
    void s01_theGuidesPipe_isNamedWithTheRightLine() {
        Finding finding = only(
                States.healthy().with("archive_command", "pg_tde_archive_decrypt %f %p | pgbackrest archive-push %p"));

        assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(finding.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(finding.text()).contains("takes three arguments", "still encrypted");
        assertThat(finding.hint())
                .isEqualTo("ALTER SYSTEM SET archive_command = '/opt/tidemark/bin/tidemark archive-push --config "
                        + "/etc/tidemark/tidemark.yaml --cluster prod %p'; SELECT pg_reload_conf();");
    }

    @Test
    void e1_archiveCommandEmptyOrOfAnotherTool_fails() {
        assertFails(States.healthy().with("archive_command", ""), "archive_command", FailureKind.USAGE, "archive-push");
        assertFails(
                States.healthy().with("archive_command", "pgbackrest --stanza=main archive-push %p"),
                "archive_command",
                FailureKind.USAGE,
                "/opt/tidemark/bin/tidemark archive-push");
    }

    @Test
    void e1_archiveCommandNotTold_isSkippedWithTheLine() {
        Finding finding = SettingProbes.all(EXPECTED).stream()
                .filter(probe -> probe.name().equals("archive_command"))
                .flatMap(probe -> ((Probe.OfServer) probe)
                                .findings(States.healthy()
                                        .with("archive_command", "(disabled)")
                                        .state())
                                .stream())
                .findFirst()
                .orElseThrow();

        assertThat(finding.verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(finding.hint()).contains("archive-push");
    }

    @Test
    void e1_archiveCommandOfAnotherCluster_fails() {
        assertFails(
                States.healthy()
                        .with(
                                "archive_command",
                                "/opt/tidemark/bin/tidemark --config=/etc/tidemark/tidemark.yaml --cluster test archive-push %p"),
                "archive_command",
                FailureKind.USAGE,
                "--cluster prod");
    }

    @Test
    void s02_restoreCommandsThatHideFailuresOrSwapArguments_fail() {
        for (String line : new String[] {
            "pgbackrest --stanza=main archive-get %f %p",
            "tidemark archive-get %p %f",
            "tidemark archive-get %f %p || true",
            "cp /archive/%f"
        }) {
            assertThat(only(States.healthy().with("restore_command", line)).verdict())
                    .as(line)
                    .isEqualTo(Verdict.FAIL);
        }
        assertThat(findings(States.healthy().standby().with("restore_command", "tidemark archive-get %f \"%p\"")))
                .allMatch(finding -> finding.verdict() == Verdict.OK);
    }

    @Test
    void e1_replicationRefused_isHintedByItsState() {
        ServerState state = States.healthy().state();

        assertThat(refused(state, "42501")).isEqualTo("ALTER ROLE tidemark REPLICATION;");
        assertThat(refused(state, "28000"))
                .contains("\"local replication tidemark peer\"", "pg_reload_conf")
                .doesNotContain("ALTER ROLE");
        assertThat(refused(state, "53300")).contains("max_wal_senders = 14");
        assertThat(refused(state, null)).contains("pg_hba.conf", "ALTER ROLE");
    }

    private static @Nullable String refused(ServerState state, @Nullable String sqlState) {
        return ReplicationProbe.refused(state, new PostgresFailed("refused", null, sqlState, List.of(), null))
                .hint();
    }

    @Test
    void e1_replicationThatLeadsToAnotherSystem_fails() {
        ServerState state = States.healthy().state();

        assertThat(ReplicationProbe.judged(state, identified(States.SYSTEM)).verdict())
                .isEqualTo(Verdict.OK);
        assertThat(ReplicationProbe.judged(state, identified(5)).hint()).contains("pooler");
    }

    private static SystemIdentification identified(long system) {
        return new SystemIdentification(system, TimelineId.FIRST, Lsn.parse("0/3000000"), null);
    }

    @Test
    void e1_nothingIsSwitched_onAStandbyWithoutArchivingWithoutGrantsOrInADryRun() {
        assertThat(RoundTripProbe.reasonAgainst(States.healthy().state(), Mode.TRY))
                .isEmpty();
        assertThat(RoundTripProbe.reasonAgainst(States.healthy().state(), Mode.DRY_RUN))
                .hasValueSatisfying(reason -> assertThat(reason.text()).contains("would"));
        assertThat(RoundTripProbe.reasonAgainst(States.healthy().standby().state(), Mode.TRY))
                .hasValueSatisfying(reason -> assertThat(reason.hint()).contains("primary"));
        assertThat(RoundTripProbe.reasonAgainst(
                        States.healthy().with("archive_mode", "off").state(), Mode.TRY))
                .isPresent();
        assertThat(RoundTripProbe.reasonAgainst(
                        States.healthy().without(Grant.SWITCH_WAL).state(), Mode.TRY))
                .hasValueSatisfying(reason -> {
                    assertThat(reason.verdict()).isEqualTo(Verdict.SKIPPED);
                    assertThat(reason.hint()).contains("GRANT EXECUTE");
                });
    }

    @Test
    void e1_serverOfAnotherVersion_isRefused() {
        ConnectionProbe probe = new ConnectionProbe(new ClusterSettings("prod", null, null, null, null), Mono.empty());
        States old = States.healthy();
        old.versionNumber = 140_020;
        States future = States.healthy();
        future.versionNumber = 190_000;

        assertThat(probe.judged(States.healthy().state()).verdict()).isEqualTo(Verdict.OK);
        assertThat(probe.judged(old.state()).kind()).isEqualTo(FailureKind.POSTGRES);
        assertThat(probe.judged(future.state()).hint()).contains("upgrade Tidemark");
    }
}
