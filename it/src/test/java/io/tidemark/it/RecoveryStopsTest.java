package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * archive-get broken in all the ways that look like "not in the archive" to PostgreSQL when the launcher is careless:
 * recovery stops, does not promote, and resumes when it is mended (invariant 3, trap T27).
 *
 * <p>Each test restores a server of its own from one repository, breaks one thing, and mends it.
 */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecoveryStopsTest {
    private static final long SEED = 17_007;

    private final Cluster cluster;
    private final Ledger ledger = new Ledger(SEED);
    private final Path installation;
    private int attempts;

    RecoveryStopsTest(Lab lab) {
        cluster = Cluster.withOwnInstallation(lab);
        installation = cluster.product().launcher().resolve("../..").normalize();
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        cluster.initRepositories();
        PostgresServer server = cluster.newServer(Map.of());
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            ledger.write(session, 30);
        }
        server.stop();
        cluster.backup();
        server.start();
        try (Connection session = server.connect()) {
            ledger.write(session, 30);
            Cluster.archiveEverything(session);
            ledger.write(session, 30);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(server);
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    void t27_missingJar() throws Exception {
        Path jar = jar("pipeline");
        stopsAndResumes(() -> move(jar, aside(jar)), () -> move(aside(jar), jar));
    }

    @Test
    void t27_corruptJar() throws Exception {
        Path jar = jar("reactor-core");
        byte[] whole = Files.readAllBytes(jar);
        stopsAndResumes(
                () -> Files.write(jar, "not a jar".getBytes(StandardCharsets.US_ASCII)), () -> Files.write(jar, whole));
    }

    @Test
    void t27_jarThatOthersMayWrite() throws Exception {
        Path jar = jar("pipeline");
        stopsAndResumes(
                () -> Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-")),
                () -> Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--")));
    }

    @Test
    void t27_repositoryGone() throws Exception {
        Path repository = cluster.repository("local");
        stopsAndResumes(() -> move(repository, aside(repository)), () -> move(aside(repository), repository));
    }

    @Test
    void t27_keyGone() throws Exception {
        Path key = cluster.directory().resolve("box.key");
        stopsAndResumes(() -> move(key, aside(key)), () -> move(aside(key), key));
    }

    @Test
    void t27_configurationThatIsNone() throws Exception {
        Path configuration = cluster.product().configuration();
        byte[] whole = Files.readAllBytes(configuration);
        stopsAndResumes(
                () -> Files.write(configuration, "cluster: [".getBytes(StandardCharsets.US_ASCII)),
                () -> Files.write(configuration, whole));
    }

    @Test
    void t27_segmentThatTheRestoreNeeds_taken() throws Exception {
        Path segment = cluster.lastSegment("local");
        stopsOnTheWayAndResumes(() -> move(segment, aside(segment)), () -> move(aside(segment), segment));
    }

    @Test
    void t27_segmentDamaged() throws Exception {
        Path segment = cluster.lastSegment("local");
        long middle = Files.size(segment) / 2;
        stopsOnTheWayAndResumes(() -> Damage.flipByte(segment, middle), () -> Damage.flipByte(segment, middle));
    }

    /** Of what breaks the very first archive-get: the server is never there. */
    private void stopsAndResumes(Act broken, Act mended) throws Exception {
        stopsAndResumes(
                broken,
                mended,
                started -> assertThat(started.succeeded())
                        .as("PostgreSQL started without its WAL")
                        .isFalse());
    }

    /** Of what breaks a later one: a server that is consistent answers queries until recovery comes to it. */
    private void stopsOnTheWayAndResumes(Act broken, Act mended) throws Exception {
        stopsAndResumes(broken, mended, started -> {});
    }

    private void stopsAndResumes(Act broken, Act mended, Consumer<Programs.Outcome> start) throws Exception {
        attempts++;
        PostgresServer restored = cluster.restore("restored-" + attempts, "--latest");
        broken.perform();
        try {
            start.accept(restored.tryStart());
            Cluster.awaitStop(restored);

            assertThat(restored.dataDirectory().resolve("recovery.signal")).exists();
            assertThat(restored.lastLog()).contains("exit code 205").doesNotContain("selected new timeline");
        } finally {
            mended.perform();
        }

        restored.start();

        try (Connection session = restored.connect()) {
            Cluster.awaitPromotion(session);
            assertThat(Ledger.read(session)).isEqualTo(ledger.last().state());
        } finally {
            cluster.destroy(restored);
        }
    }

    private Path jar(String prefix) throws IOException {
        try (Stream<Path> jars = Files.list(installation.resolve("lib"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path aside(Path path) {
        return path.resolveSibling(path.getFileName() + ".aside");
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @FunctionalInterface
    private interface Act {
        void perform() throws IOException;
    }
}
