package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.Account;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/bin/tidemark demo}, started as the README says it, by whoever runs the tests. */
final class DemoTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path ROOT = Path.of(System.getProperty("tidemark.root"));

    @TempDir
    private Path outputs = Path.of("");

    @TempDir
    private Path temporary = Path.of("");

    private Programs programs = programs();

    @BeforeEach
    void openTheTemporaryDirectory() throws IOException {
        programs = programs();
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void strike() {
        programs.killAll();
    }

    @Test
    void demo_toItsEnd_provesTheTablesAndLeavesNothing() throws Exception {
        Programs.Outcome outcome = start().outcome(LIMIT);

        assertThat(outcome.exit()).as(outcome.said()).isZero();
        assertThat(outcome.output()).contains("Every row is back").doesNotContain("NOT the same");
        assertThat(left()).as("left behind").isEmpty();
    }

    @Test
    void demo_interrupted_leavesNothing() throws Exception {
        Programs.Running demo = start();
        while (!serverRuns()) {
            assertThat(demo.endsWithin(Duration.ofMillis(50)))
                    .as("ended before it had a server")
                    .isFalse();
        }
        demo.process().toHandle().descendants().forEach(ProcessHandle::destroy);

        Programs.Outcome outcome = demo.outcome(LIMIT);

        assertThat(outcome.exit()).isNotZero();
        assertThat(left()).as("left behind").isEmpty();
    }

    @Test
    void demo_withKeep_leavesRepositoryAndRestoredCluster() throws Exception {
        Programs.Outcome outcome = start("--keep").outcome(LIMIT);

        assertThat(outcome.exit()).as(outcome.said()).isZero();
        assertThat(left()).hasSize(1);
        assertThat(left().get(0).resolve("restored/PG_VERSION")).exists();
        assertThat(left().get(0).resolve("repository/harbour/tidemark.json")).exists();
        assertThat(left().get(0).resolve("restored/postmaster.pid")).doesNotExist();
    }

    private Programs.Running start(String... options) {
        Stream<String> words =
                Stream.concat(Stream.of(ROOT.resolve("deploy/bin/tidemark").toString(), "demo"), Stream.of(options));
        return programs.start(words.toList(), ROOT);
    }

    private boolean serverRuns() throws IOException {
        return !left().isEmpty() && Files.exists(left().get(0).resolve("data/postmaster.pid"));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("tidemark-demo-"))
                    .toList();
        }
    }

    /** As the caller, root or not: the demo itself gives up what PostgreSQL refuses. */
    private Programs programs() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Programs(
                new Account(0, List.of()),
                outputs,
                Map.of(
                        "PATH",
                        "/usr/local/bin:/usr/bin:/bin",
                        "TIDEMARK_JAVA",
                        java,
                        "TIDEMARK_JAVA_OPTS",
                        "-Djava.io.tmpdir=" + temporary),
                Clock.systemUTC());
    }
}
