package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.sinks.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckReportTest {
    private static final Finding OK = Finding.ok("fsync", "on");
    private static final Finding WARN = Finding.warning("archive_timeout", "0: days", "set it");

    private static CheckReport report(Finding... findings) {
        return new CheckReport("prod", List.of(findings), Duration.ofMillis(3200), Duration.ofSeconds(60));
    }

    private static Finding failed(FailureKind kind) {
        return Finding.failed("p", kind, "what | where", "do it");
    }

    @Test
    void e6_warningsAndSkipped_doNotChangeTheExitCode() {
        assertThat(report(OK, WARN, Finding.skipped("x", "why")).worst()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void e6_worst_isDamageThenKeysThenStoreThenServer() {
        assertThat(report(failed(FailureKind.DEADLINE), failed(FailureKind.USAGE))
                        .worst())
                .isEqualTo(ExitCode.USAGE);
        assertThat(report(failed(FailureKind.POSTGRES), failed(FailureKind.USAGE))
                        .worst())
                .isEqualTo(ExitCode.USAGE);
        assertThat(report(failed(FailureKind.POSTGRES), Finding.failed("s", new StoreUnavailable("down", null)))
                        .worst())
                .isEqualTo(ExitCode.STORE);
        assertThat(report(failed(FailureKind.KEYS), failed(FailureKind.STORE)).worst())
                .isEqualTo(ExitCode.KEYS);
        assertThat(report(failed(FailureKind.KEYS), failed(FailureKind.INTEGRITY))
                        .worst())
                .isEqualTo(ExitCode.INTEGRITY);
        assertThat(report(failed(FailureKind.INTEGRITY), Finding.failed("b", new IllegalStateException("bug")))
                        .worst())
                .isEqualTo(ExitCode.BUG);
        for (FailureKind kind : FailureKind.values()) {
            assertThat(CheckReport.WORST_FIRST).contains(ExitCode.of(kind));
        }
    }

    @Test
    void e6_worstFirst_isTheOrderThatIsDocumented() throws IOException {
        String documented = Files.readString(Path.of(System.getProperty("tidemark.root"), "docs/exit-codes.md"));

        assertThat(documented)
                .contains(String.join(
                        ", ",
                        CheckReport.WORST_FIRST.stream()
                                .map(code -> String.valueOf(code.number()))
                                .toList()));
    }

    @Test
    void e5_json_isOneObjectWithEveryFinding() {
        JsonObject json = report(OK, WARN, failed(FailureKind.KEYS)).json(CheckReport.Run.DRY);

        assertThat(json.toString())
                .isEqualTo("{\"cluster\":\"prod\",\"status\":\"fail\",\"exitCode\":5,\"dryRun\":true,\"seconds\":3.2,"
                        + "\"counts\":{\"ok\":1,\"skipped\":0,\"warn\":1,\"fail\":1},\"findings\":["
                        + "{\"status\":\"ok\",\"probe\":\"fsync\",\"found\":\"on\"},"
                        + "{\"status\":\"warn\",\"probe\":\"archive_timeout\",\"found\":\"0: days\",\"hint\":\"set it\"},"
                        + "{\"status\":\"fail\",\"probe\":\"p\",\"found\":\"what | where\",\"hint\":\"do it\",\"exitCode\":5}"
                        + "]}");
    }

    @Test
    void nagios_isOneLineWithPerformanceDataAndItsOwnCodes() {
        assertThat(report(OK).nagiosLine())
                .isEqualTo("TIDEMARK OK - 1 checks of cluster prod | ok=1 warn=0 fail=0 skipped=0 time=3.200s;;60;0");
        assertThat(report(OK, WARN).nagiosLine()).startsWith("TIDEMARK WARNING - archive_timeout: 0: days | ");
        assertThat(report(WARN, failed(FailureKind.USAGE)).nagiosLine())
                .as("the bar is Nagios' own")
                .startsWith("TIDEMARK CRITICAL - p: what ! where | ok=0");
        assertThat(CheckReport.nagiosUnknown(new UsageError("no cluster is configured")))
                .isEqualTo("TIDEMARK UNKNOWN - no cluster is configured");

        Contract contract = Contract.of(new String[] {"--config", "x", "check", "--nagios"});
        assertThat(contract).isEqualTo(Contract.NAGIOS);
        assertThat(contract.number(report(OK).nagiosCode())).isZero();
        assertThat(contract.number(report(WARN).nagiosCode()))
                .as("which the launcher makes 1, if it is said")
                .isEqualTo(65);
        assertThat(contract.number(report(failed(FailureKind.USAGE)).nagiosCode()))
                .isEqualTo(2);
        assertThat(contract.number(ExitCode.USAGE)).isEqualTo(3);
        assertThat(contract.number(ExitCode.BUG)).isEqualTo(3);
        assertThat(Contract.of(new String[] {"check"})).isEqualTo(Contract.TABLE);
    }

    @Test
    void text_isALineAndWhatToDo() {
        assertThat(CheckReport.lines(WARN, /* coloured= */ false))
                .containsExactly("WARN     archive_timeout  0: days", "         HINT: set it");
        assertThat(report(OK, WARN).summary()).isEqualTo("1 OK, 1 WARN, 0 FAIL, 0 SKIPPED in 3.2 s");
    }

    @Test
    void timeout_isAWholeNumberWithItsUnit() {
        assertThat(CheckCommand.time("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(CheckCommand.time("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThatThrownBy(() -> CheckCommand.time("0s")).isInstanceOf(UsageError.class);
        assertThatThrownBy(() -> CheckCommand.time("5")).isInstanceOf(UsageError.class);
    }
}
