package io.tidemark.pipeline.care.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.PostgresFailed;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @TempDir
    private Path outputs = Path.of("");

    @Test
    void run_keepsCodeAndBothOutputs_andTheEnvironmentIsOursAlone() {
        Programs.Outcome outcome = programs().run(shell("echo out; echo \"$GIVEN $USER\" >&2; exit 3"), outputs, LIMIT);

        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.output()).isEqualTo("out\n");
        assertThat(outcome.errors()).isEqualTo("given \n");
        assertThat(outputs).isEmptyDirectory();
    }

    @Test
    void run_longerThanItsLimit_isKilledAndSaysWhatCame() {
        assertThatThrownBy(() -> programs().run(shell("echo begun; sleep 60"), outputs, Duration.ofSeconds(1)))
                .isInstanceOf(PostgresFailed.class)
                .hasMessageContaining("did not end within 1 s");
    }

    @Test
    void killAll_endsWhatStillRuns() {
        Programs programs = programs();
        Programs.Running running = programs.start(shell("sleep 60"), outputs);

        programs.killAll();

        assertThat(running.outcome(LIMIT).exit()).isEqualTo(137);
    }

    private Programs programs() {
        return new Programs(
                new Account(1, List.of()), outputs, Map.of("GIVEN", "given", "PATH", "/usr/bin:/bin"), CLOCK);
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }
}
