package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

final class ManPageTest {
    @TempDir
    Path directory;

    private static List<CommandSpec> commands() {
        return ManPage.all(Commands.commandLine().getCommandSpec()).toList();
    }

    private static String page(CommandSpec command) {
        return new ManPage(command, "1.2").text();
    }

    @Test
    void e10_everyCommandAndOptionOfTheHelp_isInItsPage() {
        for (CommandSpec command : commands()) {
            String page = page(command).replace("\\-", "-");
            String name = command.qualifiedName();

            assertThat(page).as(name).contains("\n" + ManPage.name(command) + " - ", "\\fB" + name + "\\fR");
            for (OptionSpec option : command.options()) {
                for (String spelling : option.names()) {
                    assertThat(page).as(name).contains("\\fB" + spelling + "\\fR");
                }
            }
            command.subcommands().values().stream()
                    .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
                    .forEach(sub -> assertThat(page)
                            .as(name)
                            .contains("\\fB" + ManPage.name(sub.getCommandSpec()) + "\\fR(1)"));
        }
    }

    @Test
    void e10_pages_areOneACommandAndWithoutTheBuildsOwn() {
        assertThat(commands().stream().map(ManPage::name))
                .contains("tidemark", "tidemark-check", "tidemark-archive-push", "tidemark-keys-rotate")
                .doesNotContain("tidemark-man-pages")
                .doesNotHaveDuplicates();
    }

    @Test
    void e10_pages_holdNothingThatRoffOrPicocliWouldTakeForItsOwn() {
        Set<String> macros = Set.of(".TH", ".SH", ".TP", ".nf", ".fi");
        for (CommandSpec command : commands()) {
            for (String line : page(command).split("\n")) {
                if (line.startsWith(".")) {
                    assertThat(macros).as(line).contains(line.split(" ")[0]);
                }
                assertThat(line).doesNotContain("%%", "%n", "@|", "null").doesNotStartWith("'");
            }
        }
    }

    @Test
    void e10_groff_rendersEveryPageWithoutAWord() throws IOException, InterruptedException {
        assumeTrue(isThere("groff", "--version"), "needs: groff");
        for (CommandSpec command : commands()) {
            Path file = directory.resolve(ManPage.name(command) + ".1");
            Files.writeString(file, page(command));

            Ran ran = run("groff", "-man", "-Tutf8", "-ww", "-P-c", file.toString());

            assertThat(ran.code()).isZero();
            assertThat(ran.errors()).as(command.qualifiedName()).isEmpty();
            assertThat(ran.output().replaceAll(".\b", "").replaceAll("\\s+", " "))
                    .contains("NAME", "SYNOPSIS", command.qualifiedName());
        }
    }

    @Test
    void e10_bash_completesCommandsAndOptions() throws IOException, InterruptedException {
        assumeTrue(isThere("bash", "--version"), "needs: bash");
        Path script = directory.resolve("completion");
        Files.writeString(script, picocli.AutoComplete.bash("tidemark", Commands.commandLine()));

        assertThat(completed(script, "che")).contains("check");
        assertThat(completed(script, "check", "--na")).contains("--nagios");
        assertThat(completed(script, "keys", "ro")).contains("rotate");
        assertThat(completed(script, "man")).doesNotContain("man-pages");
    }

    private static Set<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String line = List.of(words).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Ran ran = run(
                "bash",
                "--norc",
                "-c",
                "source " + script + "; COMP_WORDS=(tidemark " + line + "); COMP_CWORD=" + words.length
                        + "; $(complete -p tidemark | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(ran.code()).as(ran.errors()).isZero();
        return new TreeSet<>(ran.output().lines().map(String::strip).toList());
    }

    private record Ran(int code, String output, String errors) {}

    private static Ran run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output, errors);
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return run(command).code() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }
}
