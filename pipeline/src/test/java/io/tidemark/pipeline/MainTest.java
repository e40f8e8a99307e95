package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.wal.WalFixtures;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: what it ends with, says, and loads. */
final class MainTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path directory;

    private record Ended(int code, String out, String err) {}

    private Ended run(String... args) throws Exception {
        return run(List.of(), Map.of(), args);
    }

    private Ended run(List<String> options, Map<String, String> environment, String... args) throws Exception {
        return end(start(options, environment, args));
    }

    private Process start(List<String> options, Map<String, String> environment, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        // A class path among the options comes later, and counts.
        command.addAll(options);
        command.add("io.tidemark.pipeline.Main");
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        builder.environment().putAll(environment);
        return builder.directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private Ended end(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("has ended").isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    @Test
    void commandsThatFail_endInTheTablesCodes_andSayWhy() throws Exception {
        assertThat(run("bakc").code()).isEqualTo(2);
        assertThat(run("tde", "keys").code()).isEqualTo(3);

        Ended push = run("archive-push", "--quiet", "--set", "limits.wrokers=1", "pg_wal/000000010000000000000001");
        assertThat(push.code()).isEqualTo(2);
        assertThat(push.err()).contains("nearest: limits.workers");
        assertThat(push.out()).isEmpty();

        assertThat(run("archive-get", "a").code()).as("doubt, never absence").isEqualTo(205);
        assertThat(run("archive-get", "a", "b", "--config", "no.yaml").code()).isEqualTo(205);
    }

    @Test
    void e5_configShow_isJsonOnStandardOutput_withOrigins() throws Exception {
        Ended ended = run(
                List.of(),
                Map.of("TIDEMARK_LIMITS__WORKERS", "3"),
                "config",
                "show",
                "--json",
                "--set=compression.level=5");

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(com.google.gson.JsonParser.parseString(ended.out())
                        .getAsJsonObject()
                        .getAsJsonArray("settings"))
                .extracting(Object::toString)
                .contains(
                        "{\"key\":\"limits.workers\",\"value\":\"3\","
                                + "\"origin\":\"environment TIDEMARK_LIMITS__WORKERS\"}",
                        "{\"key\":\"compression.level\",\"value\":\"5\",\"origin\":\"--set\"}");
    }

    @Test
    void lastAct_isTheWordThatTheLauncherWaitsFor() throws Exception {
        assertThat(word("config template")).isEqualTo("DONE n0nce\n");
        assertThat(word("bakc")).isEmpty();
        assertThat(word("archive-get a")).isEmpty();
    }

    private String word(String command) throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec \"$0\" -Dtidemark.launcher.descriptor=3 -Dtidemark.launcher.nonce=n0nce -cp \"$1\""
                                + " io.tidemark.pipeline.Main " + command + " 3>word >out 2>err",
                        JAVA.toString(),
                        System.getProperty("java.class.path"))
                .directory(directory.toFile())
                .start();
        end(process);
        return Files.readString(directory.resolve("word"));
    }

    @Test
    void kmipDecode_readsAPipe_withoutAConfiguration() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "printf 420094070000000131000000 | { cat; printf '00000000\\n'; } | \"$0\" -cp \"$1\""
                                + " io.tidemark.pipeline.Main kmip decode >out 2>err",
                        JAVA.toString(),
                        System.getProperty("java.class.path"))
                .directory(directory.toFile())
                .start();

        assertThat(end(process)).isEqualTo(new Ended(0, "UniqueIdentifier TextString \"1\"\n", ""));
    }

    @Test
    void standardOutputThatCannotBeWritten_isNoSuccess() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec \"$0\" -cp \"$1\" io.tidemark.pipeline.Main config template >/dev/full 2>err",
                        JAVA.toString(),
                        System.getProperty("java.class.path"))
                .directory(directory.toFile())
                .start();
        Files.createFile(directory.resolve("out"));

        assertThat(end(process).code()).isEqualTo(6);
    }

    /** A configuration that never comes keeps the verb where no time-out of its own can help it. */
    @Test
    void sigterm_endsAHangingCommand_inTheCodeThatPostgresReadsRightly() throws Exception {
        assertThat(terminated("archive-push", "x").code()).isEqualTo(10);
        assertThat(terminated("archive-get", "a", "b").code()).isEqualTo(143);
        assertThat(terminated("config", "show").code()).isEqualTo(10);
    }

    private Ended terminated(String... args) throws Exception {
        Path pipe = directory.resolve("pipe.yaml");
        Files.deleteIfExists(pipe);
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        Process process = start(List.of(), Map.of("TIDEMARK_CONFIG", pipe.toString()), args);
        // Opening a pipe for writing waits for its reader: from then on the command is where we want it.
        Process writer = new ProcessBuilder("sh", "-c", "exec sleep 120 >\"$0\"", pipe.toString()).start();
        try {
            while (process.isAlive() && !writerIsThrough(writer)) {
                Thread.onSpinWait();
            }
            process.destroy();
            return end(process);
        } finally {
            writer.destroyForcibly();
        }
    }

    /** The shell has become sleep, which it does when the pipe is open at both ends. */
    private static boolean writerIsThrough(Process writer) throws IOException {
        return Files.readString(Path.of("/proc/" + writer.pid() + "/cmdline")).startsWith("sleep");
    }

    @Test
    void t112_secretsInTheWrongPlace_appearNowhere() throws Exception {
        String secret = "5f0e1d2c3b4a59687786a5b4c3d2e1f05f0e1d2c3b4a59687786a5b4c3d2e1f0";
        Path config = directory.resolve("tidemark.yaml");
        Files.writeString(config, "keys: { provider: { box: { file: " + secret + ", token: " + secret + " } } }\n");

        for (String[] args : new String[][] {
            {"config", "show", "--config", config.toString()},
            {"config", "show", "--password", secret},
            {"config", "show", "--set", "keys.provider.box.key=" + secret},
            {"archive-push", "x", "--config", config.toString()},
            {"archive-push", "x", "--token=" + secret},
            {"archive-get", "a", "b", "--set", secret},
        }) {
            Ended ended = run(List.of(), Map.of("TIDEMARK_KEYS__PROVIDER__BOX__FILE", secret), args);

            assertThat(ended.code()).as(String.join(" ", args)).isIn(2, 205);
            assertThat(ended.out() + ended.err()).as(String.join(" ", args)).doesNotContain(secret);
        }
    }

    /** What the launcher leaves out of the class path of the two commands that PostgreSQL runs. */
    private static String fastClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry)
                        .getFileName()
                        .toString()
                        .matches("(picocli|slf4j|logback|bcprov|bcpkix|bcutil)-.*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void archivePushAndGet_onTheShortClassPath_doTheirWorkAndLoadNoCommandLineNorLogger() throws Exception {
        String segment = WalFixtures.CLUSTER.get(0);
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.createDirectory(data.resolve("global"));
        Files.createDirectory(data.resolve("pg_wal"));
        Files.write(data.resolve("global/pg_control"), Arrays.copyOf(WalFixtures.clusterControl(), 8192));
        Files.write(data.resolve("pg_wal").resolve(segment), WalFixtures.cluster(segment));
        Path key = directory.resolve("box.key");
        Files.write(key, new byte[32]);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.createDirectory(directory.resolve("repo"));
        Map<String, String> environment = Map.of(
                "HOME", directory.toString(),
                "TIDEMARK_CLUSTER__PROD__DATA_DIRECTORY", data.toString(),
                "TIDEMARK_REPOSITORY__LOCAL__DIRECTORY",
                        directory.resolve("repo").toString(),
                "TIDEMARK_KEYS__PROVIDER__BOX__FILE", key.toString(),
                "TIDEMARK_KEYS__RECIPIENTS__0__PROVIDER", "box");
        Ended init = run(List.of(), environment, "init", "--without-recovery-key");
        assertThat(init.code()).as(init.err()).isZero();

        Path log = directory.resolve("classes");
        List<String> options = List.of("-Xlog:class+load=info:file=" + log, "-cp", fastClassPath());
        Ended push = run(options, environment, "archive-push", data.resolve("pg_wal") + "/" + segment);
        assertThat(push.code()).as(push.err()).isZero();
        assertThat(heavyClasses(log)).isEmpty();

        Ended get = run(
                options,
                environment,
                "archive-get",
                segment,
                directory.resolve("got").toString());
        assertThat(get.code()).as(get.err()).isZero();
        assertThat(heavyClasses(log)).isEmpty();
        assertThat(directory.resolve("got")).hasBinaryContent(WalFixtures.cluster(segment));

        Ended absent = run(options, environment, "archive-get", WalFixtures.CLUSTER.get(1), directory + "/absent");
        assertThat(absent.code())
                .as("which only the launcher makes 1: " + absent.err())
                .isEqualTo(64);
    }

    private static List<String> heavyClasses(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line ->
                        line.matches(".*\\s(picocli|org\\.slf4j|ch\\.qos|software\\.amazon|org\\.bouncycastle)\\..*"))
                .toList();
    }
}
