package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.wal.WaldumpLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** pg_waldump, which the archives of PostgreSQL that the build fetches do not hold: that of the machine, where it has one. */
final class Waldump {
    // what a logical message holds is printed too, and only the end of much output is kept
    private static final String SHORTENED = "exec \"$@\" | cut -c1-4000";

    private Waldump() {}

    /** What it says of all records from {@code start} on; nothing where it is not installed for the version. */
    static List<WaldumpLine> ofFirstTimeline(Lab lab, int major, Path pgWal, Lsn start) {
        Optional<Path> program = Stream.of(lab.postgres(major), Path.of("/usr/lib/postgresql/" + major))
                .map(installation -> installation.resolve("bin/pg_waldump"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return List.of();
        }
        Programs.Outcome outcome = lab.programs()
                .run(
                        List.of(
                                "/bin/sh",
                                "-c",
                                SHORTENED,
                                "sh",
                                program.get().toString(),
                                "--path=" + pgWal,
                                "--start=" + start,
                                "--timeline=1"),
                        Path.of("/"),
                        Duration.ofMinutes(1));
        List<WaldumpLine> lines =
                outcome.output().lines().map(WaldumpLine::parse).toList();
        assertThat(lines).as(outcome.errors()).isNotEmpty();
        return lines;
    }
}
