package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.config.Busy;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ExitCodeTest {

    @Test
    void e6_codes_areThoseOfThePublishedTable() throws IOException {
        Map<Integer, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of(System.getProperty("tidemark.root"), "docs/exit-codes.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 4 && cells[1].strip().matches("\\d+")) {
                documented.put(Integer.valueOf(cells[1].strip()), cells[2].strip());
            }
        }

        Map<Integer, String> ours = new TreeMap<>();
        for (ExitCode code : ExitCode.values()) {
            if (code.isOfTheTable()) {
                ours.put(code.number(), code.meaning());
            }
        }
        assertThat(ours).isEqualTo(documented);
    }

    @Test
    void e6_everyKindOfFailure_hasTheTablesCode() {
        List<TidemarkException> failures = List.of(
                new UsageError("x"),
                new NotInThisVersion("x"),
                new IntegrityFailed("x"),
                new KeysFailed("x"),
                new StoreFailed("x"),
                new PostgresFailed("x"),
                new RefusedForSafety("x"),
                new Busy("x"),
                new DeadlinePassed("x"));

        assertThat(failures).extracting(f -> ExitCode.of(f).number()).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(failures).extracting(TidemarkException::kind).containsExactly(FailureKind.values());
        assertThat(ExitCode.of(new IllegalStateException("x")).number()).isEqualTo(70);
        assertThat(ExitCode.of(new OutOfMemoryError("x")).number()).isEqualTo(70);
    }

    @Test
    void e6_archiveCommand_neverEndsAbove125() {
        for (ExitCode code : ExitCode.values()) {
            if (code != ExitCode.DOUBT && code != ExitCode.ABSENT && code.isOfTheTable()) {
                assertThat(Contract.ARCHIVE_COMMAND.number(code)).isBetween(0, 125);
            }
        }
        assertThat(Contract.ARCHIVE_COMMAND.interrupted()).isBetween(1, 125);
    }

    @Test
    void e6_restoreCommand_endsInDoneAbsentOrAbove200() {
        for (ExitCode code : ExitCode.values()) {
            int number = Contract.RESTORE_COMMAND.number(code);
            switch (code) {
                case DONE -> assertThat(number).isZero();
                case ABSENT ->
                    assertThat(number)
                            .as("which the launcher makes 1, if it is said")
                            .isEqualTo(64);
                default -> assertThat(number).as(code.name()).isGreaterThan(200);
            }
        }
        assertThat(Contract.RESTORE_COMMAND.interrupted()).isEqualTo(143);
    }
}
