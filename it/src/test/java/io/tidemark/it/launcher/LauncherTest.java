package io.tidemark.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher makes of what its child does; the child is a stand-in that does as it is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LauncherTest {

    private static final String SEGMENT = "000000010000000000000001";

    @TempDir
    Path directory;

    private Path jar = Path.of("");
    private Installation installation = new Installation(jar);

    @BeforeAll
    void compile(@TempDir Path shared) throws IOException {
        jar = Installation.standInJar(shared);
    }

    @BeforeEach
    void install() throws IOException {
        installation = Installation.standIn(directory.resolve("opt/tide mark"), jar);
    }

    @ParameterizedTest
    @CsvSource({
        "word:DONE exit:0, 0",
        "exit:0, 10",
        "lie:DONE exit:0, 10",
        "half:DONE exit:0, 10",
        "word:ABSENT exit:0, 10",
        "word:DONE exit:1, 10",
        "exit:1, 10",
        "exit:2, 2",
        "exit:3, 3",
        "exit:4, 4",
        "exit:5, 5",
        "exit:6, 6",
        "exit:9, 9",
        "exit:10, 10",
        "exit:11, 10",
        "exit:64, 10",
        "exit:70, 70",
        "exit:126, 10",
        "exit:143, 10",
        "exit:205, 10",
        "kill:KILL, 10",
        "kill:SEGV, 10",
        "kill:TERM, 10",
    })
    void t02_archivePush_isZeroOnlyWithTheWord_andNeverAbove125(String orders, int expected)
            throws IOException, InterruptedException {
        Launch.Ended ended =
                quickly(orders, "archive-push", "pg_wal/" + SEGMENT).run();

        assertThat(ended.code()).as(ended.said()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "file:x word:DONE exit:0, 0",
        "word:DONE exit:0, 205",
        "file: word:DONE exit:0, 205",
        "mkdir word:DONE exit:0, 205",
        "file:x exit:0, 205",
        "file:x lie:DONE exit:0, 205",
        "word:ABSENT exit:64, 1",
        "exit:64, 205",
        "lie:ABSENT exit:64, 205",
        "word:ABSENT exit:1, 205",
        "word:ABSENT exit:0, 205",
        "word:DONE exit:64, 205",
        "exit:1, 205",
        "exit:2, 205",
        "exit:70, 205",
        "exit:143, 143",
        "exit:205, 205",
        "exit:255, 205",
        "kill:KILL, 205",
        "kill:SEGV, 205",
    })
    void t27_archiveGet_isAbsentOnlyWithTheWord_andInDoubtOtherwise(String orders, int expected)
            throws IOException, InterruptedException {
        Launch.Ended ended = quickly(
                        orders,
                        "archive-get",
                        SEGMENT,
                        directory.resolve("RECOVERYXLOG").toString())
                .run();

        assertThat(ended.code()).as(ended.said()).isEqualTo(expected);
    }

    @Test
    void t02_t27_outOfMemory_isAFailure() throws IOException, InterruptedException {
        assertThat(told("oom", "archive-push", "x").run().code()).isEqualTo(10);
        assertThat(told("oom", "archive-get", SEGMENT, "x").run().code()).isEqualTo(205);
    }

    @ParameterizedTest
    @CsvSource({"word:DONE exit:0, 0", "exit:0, 70", "exit:1, 70", "exit:4, 4", "exit:70, 70", "kill:KILL, 70"})
    void anotherCommand_keepsItsTable(String orders, int expected) throws IOException, InterruptedException {
        assertThat(quickly(orders, "info").run().code()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "word:DONE exit:0, 0",
        "word:WARNING exit:65, 1",
        "exit:65, 65",
        "lie:WARNING exit:65, 65",
        "word:WARNING exit:1, 70",
        "exit:2, 2",
        "exit:3, 3"
    })
    void nagios_isWarnedOnlyWithTheWord(String orders, int expected) throws IOException, InterruptedException {
        assertThat(quickly(orders, "check", "--nagios").run().code()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"archive-get, 143, 143", "archive-push, 10, 10", "info, 10, 10"})
    void t30_aSignalToTheLauncher_reachesTheProgram_whoseAnswerCounts(String verb, int childs, int expected)
            throws IOException, InterruptedException {
        Path there = directory.resolve("there");
        Launch launch = told("onterm:" + childs + " stay:" + there, verb, SEGMENT, "x");

        Process process = launch.start(directory.resolve("out"));
        await(there);
        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(expected);
    }

    @Test
    void t30_asSigtermKillsAProgramThatDoesNotListen_archiveGetEndsWith143() throws IOException, InterruptedException {
        Path there = directory.resolve("there");
        Process process = told("stay:" + there, "archive-get", SEGMENT, "x").start(directory.resolve("out"));
        await(there);
        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void severalSignals_doNotMakeItLeaveTheProgramBehind() throws IOException, InterruptedException {
        Path there = directory.resolve("there");
        Process process =
                told("onterm:143 stay:" + there, "archive-get", SEGMENT, "x").start(directory.resolve("out"));
        await(there);
        ProcessHandle child = process.descendants().findFirst().orElseThrow();
        for (String signal : new String[] {"HUP", "INT", "TERM", "TERM"}) {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(child.isAlive()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "LD_PRELOAD"})
    void whatChangesJava_isTakenOutOfTheEnvironment(String variable) throws IOException, InterruptedException {
        Launch.Ended ended = told("get:" + variable + " word:DONE exit:0", "info")
                .through("export " + variable + "=-Xinvalid; \"$@\" 2>&1")
                .run();

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said()).contains(variable + "=null");
    }

    @Test
    void optionsForJava_comeFromOneVariable() throws IOException, InterruptedException {
        Launch.Ended ended = told("property:some.thing word:DONE exit:0", "info")
                .with("TIDEMARK_JAVA_OPTS", "-Dsome.thing=* -Xss1m")
                .run();

        assertThat(ended.said()).contains("some.thing=*");
        assertThat(ended.code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "more:MORE word:DONE exit:0, 0",
        "more:MORE exit:6, 6",
        "more:LESS word:DONE exit:0, 10",
        "word:MORE exit:66, 10",
        "lie:MORE exit:66, 10",
        "exit:66, 10",
        "word:MORE exit:0, 10",
    })
    void aPushThatNeedsMoreLibraries_isStartedOnceMoreWithAllOfThem(String orders, int expected)
            throws IOException, InterruptedException {
        Files.createFile(installation.lib().resolve("sdk-core-0.jar"));

        Launch.Ended ended =
                quickly(orders, "archive-push", "pg_wal/" + SEGMENT).run();

        assertThat(ended.code()).as(ended.said()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "more:MORE file:x word:DONE exit:0, 0",
        "more:MORE word:ABSENT exit:64, 1",
        "more:MORE exit:64, 205",
        "word:MORE exit:66, 205",
        "exit:66, 205",
    })
    void t27_aGetThatNeedsMoreLibraries_isStartedOnceMoreWithAllOfThem(String orders, int expected)
            throws IOException, InterruptedException {
        Files.createFile(installation.lib().resolve("sdk-core-0.jar"));

        Launch.Ended ended = quickly(
                        orders,
                        "archive-get",
                        SEGMENT,
                        directory.resolve("RECOVERYXLOG").toString())
                .run();

        assertThat(ended.code()).as(ended.said()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'repository:\n  far:\n    s3:\n      bucket: b' | true",
                "'repository: {far: {s3: {bucket: b}}}' | true",
                "'repository:\n  far: { s3: { bucket: b } }' | true",
                "'keys:\n  provider:\n    kms:\n      kmip:\n        hosts: [ a ]' | true",
                "'keys: {provider: {v: {vault: {token-file: /t}}}}' | true",
                "'repository:\n  # s3: no\n  near: { directory: /srv/notes3:x }' | false",
            })
    void aPushThatNamesABucketOrAKeyServer_isStartedWithAllLibrariesAtOnce(String configuration, boolean all)
            throws IOException, InterruptedException {
        Files.createFile(installation.lib().resolve("sdk-core-9.9.jar"));
        Path file = Files.writeString(directory.resolve("some where.yaml"), configuration);
        String orders = "property:java.class.path word:DONE exit:0";

        Launch.Ended named =
                told(orders, "archive-push", "--config", file.toString(), "x").run();
        Launch.Ended joined =
                told(orders, "--config=" + file, "archive-push", "x").run();
        Launch.Ended set = told(orders, "archive-push", "x")
                .with("TIDEMARK_CONFIG", file.toString())
                .run();

        assertThat(named.said().contains("sdk-core-9.9.jar")).as(named.said()).isEqualTo(all);
        assertThat(joined.said().contains("sdk-core-9.9.jar")).as(joined.said()).isEqualTo(all);
        assertThat(set.said().contains("sdk-core-9.9.jar")).as(set.said()).isEqualTo(all);
        assertThat(List.of(named.code(), joined.code(), set.code())).containsOnly(0);
    }

    @Test
    void pushAndGet_areStartedForAShortLifeInLittleRoom() throws IOException, InterruptedException {
        Launch.Ended ended = told("heap property:jdk.util.jar.enableMultiRelease word:DONE exit:0", "archive-push", "x")
                .run();

        assertThat(ended.said()).containsPattern("heap=9[0-9]\\b").contains("jdk.util.jar.enableMultiRelease=false");
        assertThat(ended.said()).doesNotContain("CompileCommand");
    }

    @Test
    void arguments_arriveAsTheyWere() throws IOException, InterruptedException {
        Launch.Ended ended = told("args word:DONE exit:0", "info", "a b", "*", "", "$HOME", "it's")
                .run();

        assertThat(ended.said()).contains("info|a b|*||$HOME|it's");
    }

    @Test
    void standardInput_reachesTheProgram() throws IOException, InterruptedException {
        Launch.Ended ended = told("echo word:DONE exit:0", "info")
                .through("echo hello | \"$@\"")
                .run();

        assertThat(ended.said()).contains("hello");
        assertThat(ended.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-", ">/dev/full", "3>&- 4>&-"})
    void closedDescriptors_doNotChangeTheAnswer(String redirections) throws IOException, InterruptedException {
        Path destination = directory.resolve("RECOVERYXLOG");

        assertThat(quickly("word:DONE exit:0", "archive-push", "x")
                        .through("\"$@\" " + redirections)
                        .run()
                        .code())
                .isZero();
        assertThat(quickly("word:ABSENT exit:64", "archive-get", SEGMENT, destination.toString())
                        .through("\"$@\" " + redirections)
                        .run()
                        .code())
                .isEqualTo(1);
        assertThat(quickly("exit:0", "archive-get", SEGMENT, destination.toString())
                        .through("\"$@\" " + redirections)
                        .run()
                        .code())
                .isEqualTo(205);
        assertThat(destination).doesNotExist();
    }

    @Test
    void anEmptyEnvironment_isEnough() throws IOException, InterruptedException {
        Launch.Ended ended =
                told("word:DONE exit:0", "archive-push", "x").without("PATH").run();

        assertThat(ended.code()).as(ended.said()).isZero();
    }

    @Test
    void itIsFound_throughLinksAndThroughPath() throws IOException, InterruptedException {
        Path links = Files.createDirectory(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("one"), installation.launcher());
        Files.createSymbolicLink(links.resolve("tidemark"), Path.of("one"));

        Launch byLink = Launch.of(links.resolve("tidemark"), "info").with("STAND_IN", "word:DONE exit:0");
        Launch byPath = byLink.with("PATH", links + ":/usr/bin:/bin").through("tidemark info");

        assertThat(byLink.run()).returns(0, Launch.Ended::code);
        assertThat(byPath.run()).returns(0, Launch.Ended::code);
    }

    @Test
    void theSameScript_runsUnderOtherShells() throws IOException, InterruptedException {
        for (String shell : new String[] {"/bin/dash", "/bin/bash", "/bin/mksh", "/bin/ksh93", "/bin/zsh"}) {
            if (!Files.isExecutable(Path.of(shell))) {
                continue;
            }
            Launch push = quickly("word:DONE exit:0", "archive-push", "x").by(shell);
            Launch get =
                    quickly("word:ABSENT exit:64", "archive-get", SEGMENT, "x").by(shell);

            assertThat(push.run().code()).as(shell).isZero();
            assertThat(get.run().code()).as(shell).isEqualTo(1);
            assertThat(push.with("TIDEMARK_JAVA", "/bin/true").run().code())
                    .as(shell)
                    .isEqualTo(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-rw-", "rw-r--rw-"})
    void aJarThatOthersCanWrite_isNotUsed(String mode) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(installation.jar("pipeline-"), PosixFilePermissions.fromString(mode));

        Launch.Ended push = told("word:DONE exit:0", "archive-push", "x").run();
        Launch.Ended get =
                told("word:ABSENT exit:64", "archive-get", SEGMENT, "x").run();

        assertThat(push.code()).isEqualTo(10);
        assertThat(get.code()).isEqualTo(205);
        assertThat(push.said()).contains("pipeline-0.jar can be changed by others");
    }

    @Test
    void aDirectoryOfJarsThatOthersCanWrite_isNotUsed() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(installation.lib(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(told("word:DONE exit:0", "archive-push", "x").run().code()).isEqualTo(10);
    }

    @Test
    void aJarOfAnotherUser_isNotUsed() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a file away");
        new ProcessBuilder("chown", "65534", installation.jar("pipeline-").toString())
                .start()
                .waitFor();

        assertThat(told("word:DONE exit:0", "archive-push", "x").run().code()).isEqualTo(10);
    }

    @Test
    void aScriptThatWasCutShort_isNoSuccessAndNoAbsence() throws IOException, InterruptedException {
        String whole = Files.readString(installation.launcher());
        int from = whole.indexOf("trap undecided EXIT") + "trap undecided EXIT\n".length();
        for (int line = from; line < whole.length(); line = whole.indexOf('\n', line) + 1) {
            if (line == 0) {
                break;
            }
            Files.writeString(installation.launcher(), whole.substring(0, line));

            int push = quickly("word:DONE exit:0", "archive-push", "x")
                    .by("/bin/sh")
                    .run()
                    .code();

            assertThat(push).as("cut at %d", line).isBetween(1, 125);
        }
    }

    @Test
    void theScript_isCleanForShellsAndForShellcheckWhereThereIsOne() throws IOException, InterruptedException {
        for (String shell : new String[] {"sh", "dash", "bash --posix"}) {
            assertThat(checked(shell + " -n")).as(shell).isIn(0, 127);
        }
        assertThat(checked("shellcheck -s sh")).isIn(0, 127);
    }

    @Test
    void java_isFoundByItsReleaseFile_theNewestOfThem_andIsNotStarted() throws IOException, InterruptedException {
        Path home = jdk("home", "17.0.1", "echo chosen home; exit 3");
        Path old = jdk("old", "11.0.2", "echo chosen old; exit 4");

        Launch byHome =
                told("exit:0", "archive-push", "x").without("TIDEMARK_JAVA").with("JAVA_HOME", home.toString());
        Launch byOldHome = byHome.with("JAVA_HOME", old.toString());

        assertThat(byHome.run())
                .returns(3, Launch.Ended::code)
                .satisfies(ended -> assertThat(ended.said()).containsOnlyOnce("chosen home"));
        assertThat(byOldHome.run().said()).doesNotContain("chosen old");
    }

    /** The exit code of a checker of the script; 127 if it is not installed. */
    private int checked(String checker) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        checker + " \"$1\" >&2",
                        "sh",
                        installation.launcher().toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    private Path jdk(String name, String version, String script) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectory(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), script);
        return home;
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Launch told(String orders, String... arguments) {
        return Launch.of(installation.launcher(), arguments).with("STAND_IN", orders);
    }

    /** A stand-in for Java itself: as {@link #told}, for the orders that need no JVM, in a hundredth of the time. */
    private Launch quickly(String orders, String... arguments) throws IOException {
        Path java = directory.resolve("quick java");
        if (!Files.exists(java)) {
            program(java, Installation.QUICK_JAVA);
        }
        return told(orders, arguments).with("TIDEMARK_JAVA", java.toString());
    }

    private static void await(Path file) {
        for (int step = 0; step < 6_000 && !Files.exists(file); step++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(file).exists();
    }
}
