package io.tidemark.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real program, with something wrong under it that the program itself cannot see or survive: archive-get ends above
 * 200, so that PostgreSQL does not take it for the end of the archive, and archive-push in 1 to 125, so that it tries
 * again (traps T2, T27; invariants 3 and 4).
 */
final class LauncherTableTest {

    // Not below /tmp, over which a row mounts a full file system.
    @TempDir(cleanup = CleanupMode.ALWAYS, factory = InTarget.class)
    Path directory;

    private Installation installation;
    private Path configuration;

    @BeforeEach
    void install() throws IOException {
        installation = Installation.real(directory.resolve("opt"));
        Path data = Files.createDirectories(directory.resolve("data/pg_wal"));
        Files.write(data.resolve("000000010000000000000001"), new byte[1 << 20]);
        configuration = directory.resolve("tidemark.yaml");
        Files.writeString(configuration, """
                cluster:
                  prod:
                    data-directory: %1$s/data
                repository:
                  local: { directory: %1$s/repository }
                archive-push: { deadline: 5s }
                archive-get: { deadline: 5s, patience: 1s }
                """.formatted(directory));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
    }

    /** Without it the table would prove nothing: the installation works. */
    @Test
    void theInstallationItself_answers() throws IOException, InterruptedException {
        assertThat(Launch.of(installation.launcher(), "--help").run())
                .returns(0, Launch.Ended::code)
                .satisfies(ended -> assertThat(ended.said()).contains("archive-push", "archive-get"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void t02_t27_whateverIsWrongBelow_pushIsTriedAgainAndGetIsInDoubt(Row row)
            throws IOException, InterruptedException {
        row.breakage.in(installation);

        Launch.Ended push = row.surroundings.apply(push()).run();
        Launch.Ended get = row.surroundings.apply(get()).run();

        assertThat(push.code()).as("archive-push: %s", push.said()).isBetween(1, 125);
        assertThat(get.code()).as("archive-get: %s", get.said()).isGreaterThan(200);
        assertThat(directory.resolve("data/pg_wal/RECOVERYXLOG")).doesNotExist();
    }

    @Test
    void t02_t27_aFullTemporaryDirectory_isNoExcuse() throws IOException, InterruptedException {
        // What the test itself needs stays in its place, should that be below /tmp.
        String full = "exec 9<\"$0\" && mount -t tmpfs -o size=64k none /tmp && mkdir -p \"$0\""
                + " && mount -c --bind /proc/self/fd/9 \"$0\" && exec 9<&- && head -c 65536 /dev/zero >/tmp/full;"
                + " exec \"$@\"";
        String through = "exec unshare -m sh -c '" + full + "' " + directory + " \"$@\"";
        assumeTrue(
                new ProcessBuilder("unshare", "-m", "true").start().waitFor() == 0,
                "needs: mount, for which this is not root");

        Launch.Ended push = push().through(through).run();
        Launch.Ended get = get().through(through).run();

        assertThat(push.code()).as(push.said()).isBetween(1, 125);
        assertThat(get.code()).as(get.said()).isGreaterThan(200);
    }

    private Launch push() {
        return Launch.of(
                installation.launcher(),
                "--config",
                configuration.toString(),
                "archive-push",
                directory + "/data/pg_wal/000000010000000000000001");
    }

    private Launch get() {
        return Launch.of(
                installation.launcher(),
                "--config",
                configuration.toString(),
                "archive-get",
                "000000010000000000000002",
                directory + "/data/pg_wal/RECOVERYXLOG");
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.of("no java", launch -> launch.with("TIDEMARK_JAVA", "/nowhere/java")),
                Row.of("a directory for java", launch -> launch.with("TIDEMARK_JAVA", "/usr")),
                Row.of("bad JVM option", launch -> launch.with("TIDEMARK_JAVA_OPTS", "-XX:+NoSuchOption")),
                Row.of(
                        "heap that cannot be reserved",
                        launch -> launch.with("TIDEMARK_JAVA_OPTS", "-Xms900t -Xmx900t")),
                Row.of("address space too small", launch -> launch.through("ulimit -v 300000; exec \"$@\"")),
                Row.broken("missing jar of ours", broken -> Files.delete(broken.jar("pipeline-"))),
                Row.broken("missing jar of others", broken -> Files.delete(broken.jar("reactor-core"))),
                Row.broken("no jars at all", LauncherTableTest::removeAll),
                Row.broken("corrupt jar of ours", broken -> corrupt(broken.jar("pipeline-"))),
                Row.broken("corrupt jar of others", broken -> corrupt(broken.jar("reactor-core"))),
                Row.broken("jar cut in the middle", broken -> cut(broken.jar("pipeline-"))),
                Row.broken("corrupt class-data archive", LauncherTableTest::spoilArchives),
                Row.of("out of memory", launch -> launch.with("TIDEMARK_JAVA_OPTS", "-Xmx3m")),
                Row.of("out of metaspace", launch -> launch.with("TIDEMARK_JAVA_OPTS", "-XX:MaxMetaspaceSize=4m")),
                Row.of("SIGKILL of the child", launch -> killed(launch, "KILL")),
                Row.of("SIGSEGV of the child", launch -> killed(launch, "SEGV")),
                Row.of("SIGABRT of the child", launch -> killed(launch, "ABRT")),
                Row.of(
                        "temporary directory is none",
                        launch -> launch.with("TIDEMARK_JAVA_OPTS", "-Djava.io.tmpdir=/proc/none")),
                Row.of("closed descriptors", launch -> launch.through("exec \"$@\" <&- >&- 2>&-")),
                Row.of("full standard output", launch -> launch.through("exec \"$@\" >/dev/full 2>&1")),
                Row.of("unset PATH and HOME", launch -> launch.without("PATH").without("HOME")),
                Row.of(
                        "a java that exits 0 at once",
                        launch -> launch.through("TIDEMARK_JAVA=/usr/bin/true exec \"$@\"")),
                Row.of("a java that exits 64 at once", launch -> impostor(launch, "exit 64")),
                Row.of("a java that exits 206", launch -> impostor(launch, "exit 206")),
                Row.of("TIDEMARK_JAVA=/bin/true", launch -> launch.with("TIDEMARK_JAVA", "/bin/true")),
                Row.of("JAVA_TOOL_OPTIONS=-Xshare:dump", launch -> launch.with("JAVA_TOOL_OPTIONS", "-Xshare:dump")),
                Row.of("JDK_JAVA_OPTIONS=--list-modules", launch -> launch.with("JDK_JAVA_OPTIONS", "--list-modules")),
                Row.of(
                        "TIDEMARK_JAVA_OPTS=--list-modules",
                        launch -> launch.with("TIDEMARK_JAVA_OPTS", "--list-modules")),
                Row.of("TIDEMARK_JAVA_OPTS=-version", launch -> launch.with("TIDEMARK_JAVA_OPTS", "-version")),
                Row.of("no process may be started", launch -> launch.through("ulimit -u 1; exec \"$@\"")),
                Row.of("few files may be opened", launch -> launch.through("ulimit -n 14; exec \"$@\"")));
    }

    /** The real JVM, killed as soon as it runs. */
    private static Launch killed(Launch launch, String signal) {
        return impostor(launch, "'" + Launch.JAVA + "' \"$@\" & kill -" + signal + " $!; wait $!; exit $?");
    }

    private static Launch impostor(Launch launch, String script) {
        try {
            Path java = Files.createTempFile("java", ".sh");
            java.toFile().deleteOnExit();
            Files.writeString(java, "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
            return launch.with("TIDEMARK_JAVA", java.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void removeAll(Installation broken) throws IOException {
        try (Stream<Path> jars = Files.list(broken.lib())) {
            for (Path jar : jars.toList()) {
                Files.delete(jar);
            }
        }
    }

    private static void corrupt(Path jar) throws IOException {
        byte[] noise = new byte[4096];
        Arrays.fill(noise, (byte) 0x5a);
        replace(jar, noise);
    }

    private static void cut(Path jar) throws IOException {
        byte[] whole = Files.readAllBytes(jar);
        replace(jar, Arrays.copyOf(whole, whole.length / 2));
    }

    /** In place of the link, not through it. */
    private static void replace(Path jar, byte[] content) throws IOException {
        Files.delete(jar);
        Files.write(jar, content);
    }

    private static void spoilArchives(Installation broken) throws IOException {
        // One that is none is passed over; what makes the row fail is the repository that is not there.
        String release = System.getProperty("java.version");
        for (String kind : new String[] {"fast", "more", "full"}) {
            Files.write(broken.lib().resolve(kind + "-" + release + ".jsa"), new byte[8192]);
        }
    }

    /** One thing that is wrong: with the installation, or with what surrounds it. */
    record Row(String name, Breakage breakage, UnaryOperator<Launch> surroundings) {

        static Row of(String name, UnaryOperator<Launch> surroundings) {
            return new Row(name, whole -> {}, surroundings);
        }

        static Row broken(String name, Breakage breakage) {
            return new Row(name, breakage, UnaryOperator.identity());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Breaks an installation. */
    interface Breakage {
        void in(Installation installation) throws IOException;
    }
}
