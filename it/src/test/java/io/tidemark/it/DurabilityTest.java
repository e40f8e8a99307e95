package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Success means durable (invariant 1), seen from the kernel: what was written, synchronised, linked or renamed before the
 * process said that it was done.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DurabilityTest {
    private static final Pattern LINK = Pattern.compile("^link(?:at)?\\(.*?\"([^\"]+)\".*?, .*?\"([^\"]+)\".*");
    private static final Pattern RENAME = Pattern.compile("^rename(?:at2?)?\\(.*?\"([^\"]+)\".*?, .*?\"([^\"]+)\".*");

    private final Lab lab;
    private final Cluster cluster;
    private String segment = "";

    DurabilityTest(Lab lab) {
        this.lab = lab;
        this.cluster = Cluster.of(lab);
    }

    @BeforeAll
    void load() throws IOException, SQLException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs: strace");
        cluster.initRepositories();
        PostgresServer server = cluster.newServer(Map.of("archive_command", "false"), "--wal-segsize=1");
        server.start();
        try (Connection session = server.connect()) {
            Cluster.text(session, "SELECT pg_create_restore_point('segment ends')");
            segment = Cluster.text(session, "SELECT pg_walfile_name(pg_switch_wal())");
        }
        server.stop();
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    @Order(1)
    void archivePush_answers_whenFileAndDirectoriesAreSynchronised() throws IOException {
        SystemCalls calls = traced("push", "archive-push", "pg_wal/" + segment);

        int link = calls.next(-1, "link of the segment", call -> linksTo(call, segment));
        Matcher names = LINK.matcher(calls.at(link));
        assertThat(names.matches()).isTrue();
        int written = calls.next(-1, "write", SystemCalls.writeTo(names.group(1)));
        int synchronised = calls.next(written, "fsync of the file", SystemCalls.fsyncOf(names.group(1)));
        int answered = calls.last("answer", SystemCalls.answer());
        assertThat(calls.at(link)).endsWith("= 0");
        assertThat(synchronised).isLessThan(link);
        directoriesAreSynchronised(calls, link, answered, names.group(2));
    }

    @Test
    @Order(2)
    void archivePush_ofWhatIsThere_synchronisesTheDirectoriesBeforeItAnswersToo() throws IOException {
        SystemCalls calls = traced("again", "archive-push", "pg_wal/" + segment);

        int link = calls.next(-1, "link of the segment", call -> linksTo(call, segment));
        Matcher names = LINK.matcher(calls.at(link));
        assertThat(names.matches()).isTrue();
        assertThat(calls.at(link)).contains("EEXIST");
        directoriesAreSynchronised(calls, link, calls.last("answer", SystemCalls.answer()), names.group(2));
    }

    @Test
    @Order(3)
    void archiveGet_answers_whenFileAndDirectoryAreSynchronised() throws IOException {
        SystemCalls calls = traced("get", "archive-get", segment, "pg_wal/RECOVERYXLOG");

        int rename = calls.next(
                -1,
                "rename to the destination",
                call -> RENAME.matcher(call).matches() && call.contains("RECOVERYXLOG\""));
        Matcher names = RENAME.matcher(calls.at(rename));
        assertThat(names.matches()).isTrue();
        String temporary = absolute(names.group(1));
        int written = calls.next(-1, "write", SystemCalls.writeTo(temporary));
        int synchronised = calls.next(written, "fsync of the file", SystemCalls.fsyncOf(temporary));
        int directory = calls.next(rename, "fsync of pg_wal", SystemCalls.fsyncOf(absolute("pg_wal")));
        assertThat(calls.at(rename)).endsWith("= 0");
        assertThat(synchronised).isLessThan(rename);
        assertThat(directory).isLessThan(calls.last("answer", SystemCalls.answer()));
    }

    /** From the directory of the object up to the root. */
    private void directoriesAreSynchronised(SystemCalls calls, int link, int answered, String object) {
        Path root = cluster.repository("local").resolve("prod");
        int behind = link;
        for (Path at = above(Path.of(object)); at.startsWith(root); at = above(at)) {
            behind = calls.next(behind, "fsync of " + at, SystemCalls.fsyncOf(at.toString()));
        }
        assertThat(behind).isLessThan(answered);
    }

    private static Path above(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static boolean linksTo(String call, String segment) {
        Matcher link = LINK.matcher(call);
        return link.matches() && link.group(2).endsWith("/" + segment);
    }

    private String absolute(String path) {
        return cluster.directory().resolve("data").resolve(path).toString();
    }

    private SystemCalls traced(String name, String verb, String... arguments) throws IOException {
        Path trace = cluster.newDirectory("trace-" + name).resolve("calls");
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/strace",
                "-f",
                "-y",
                "-s",
                "512",
                "-e",
                "trace=write,pwrite64,fsync,link,linkat,rename,renameat,renameat2",
                "-o",
                trace.toString(),
                cluster.product().launcher().toString(),
                verb,
                "--config",
                cluster.product().configuration().toString()));
        Stream.of(arguments).forEach(command::add);
        Programs.Outcome outcome =
                lab.programs().run(command, cluster.directory().resolve("data"), Duration.ofMinutes(2));
        assertThat(outcome.exit()).as(outcome.said()).isZero();
        return SystemCalls.read(trace);
    }
}
