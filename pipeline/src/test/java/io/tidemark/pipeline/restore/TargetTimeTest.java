package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTimeTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @ParameterizedTest
    @CsvSource({
        "2026-11-22 15:00:00+01, 2026-11-22T14:00:00Z",
        "2026-11-22 15:00+0130, 2026-11-22T13:30:00Z",
        "2026-11-22T14:00:00Z, 2026-11-22T14:00:00Z",
        "2026-11-22 14:00:00.123456 UTC, 2026-11-22T14:00:00.123456Z",
        "2026-11-22 15:00:00 Europe/Paris, 2026-11-22T14:00:00Z",
        "2026-07-01 15:00:00 Europe/Paris, 2026-07-01T13:00:00Z",
        "2026-11-22 09:30:00-04:30, 2026-11-22T14:00:00Z"
    })
    void parse_withZone_isThatInstant(String text, String expected) {
        assertThat(TargetTime.parse(text)).isEqualTo(Instant.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22 15:00:00", "2026-11-22T15:00", "2026-11-22 15:00:00.5"})
    void t35_timeWithoutZone_isRefused(String text) {
        assertThatThrownBy(() -> TargetTime.parse(text))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("without a zone");
    }

    @Test
    void t35_timeThatComesTwice_isRefusedWithBothOffsets() {
        assertThatThrownBy(() -> TargetTime.parse("2026-10-25 02:30:00 Europe/Paris"))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("+02:00 and +01:00");
    }

    @Test
    void t35_timeThatNeverComes_isRefused() {
        assertThatThrownBy(() -> TargetTime.parse("2026-03-29 02:30:00 Europe/Paris"))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("never comes");
    }

    @Test
    void t35_timeThatComesTwice_isTakenWithItsOffset() {
        assertThat(TargetTime.parse("2026-10-25 02:30:00+01:00")).isEqualTo(Instant.parse("2026-10-25T01:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "15:00:00Z",
                "2026-02-30 12:00:00Z",
                "2026-11-22 25:00:00Z",
                "2026-11-22 15:00:00 CET",
                "2026-11-22 15:00:00 Mars/Olympus",
                "2026-11-22 15:00:00.1234567Z",
                "2026-11-22 15:00:00+99"
            })
    void parse_ofNoTime_isRefused(String text) {
        assertThatThrownBy(() -> TargetTime.parse(text)).isInstanceOf(UsageError.class);
    }

    @Test
    void t35_print_showsUtcAndLocalTime() {
        Instant time = Instant.parse("2026-11-22T14:00:00.000005Z");

        assertThat(TargetTime.print(time, PARIS))
                .isEqualTo("2026-11-22 14:00:00.000005Z (2026-11-22 15:00:00.000005+01:00 here)");
        assertThat(TargetTime.print(time, ZoneId.of("UTC"))).contains("+00:00 here");
    }

    @Test
    void setting_isReadBack() {
        Instant time = Instant.parse("2026-11-22T14:00:00.25Z");

        assertThat(TargetTime.parse(TargetTime.setting(time).replace("\"", ""))).isEqualTo(time);
    }
}
