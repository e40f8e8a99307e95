package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

final class CommandsTest {

    private static TidemarkException failure(String... args) {
        return catchThrowableOfType(TidemarkException.class, () -> Commands.parse(args));
    }

    private static List<CommandLine> all(CommandLine line) {
        List<CommandLine> all = new ArrayList<>(List.of(line));
        line.getSubcommands().values().forEach(sub -> all.addAll(all(sub)));
        return all;
    }

    @Test
    void unknownCommand_isAnErrorWithTheNearest() {
        assertThat(failure("confg")).isInstanceOf(UsageError.class).hasMessageContaining("nearest: config");
        assertThat(failure("config", "shwo")).isInstanceOf(UsageError.class).hasMessageContaining("nearest: show");
        assertThat(failure("config", "show", "--jsno"))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("nearest: --json");
        assertThat(failure()).isInstanceOf(UsageError.class);
        assertThat(failure("config")).isInstanceOf(UsageError.class).hasMessageContaining("show, reference, template");
    }

    @Test
    void plannedCommandsAndOptions_areNotInThisVersion() {
        for (String line : new String[] {
            "daemon status",
            "receive --synchronous",
            "timeline",
            "wal inspect x",
            "verify --deep",
            "rehearse",
            "expire",
            "tde keys x",
            "config import x",
            "demo --tde"
        }) {
            assertThat(failure(line.split(" "))).as(line).isInstanceOf(NotInThisVersion.class);
        }
    }

    @Test
    void plannedCommands_areInNoHelp() {
        String help = new HelpText(Commands.commandLine()).text(Ansi.OFF);

        assertThat(help).doesNotContain("rehearse", "expire", "daemon");
    }

    @Test
    void help_ofEveryCommand_readsWell() {
        for (CommandLine line : all(Commands.commandLine())) {
            String name = line.getCommandSpec().qualifiedName();
            String help = new HelpText(line).text(Ansi.OFF);

            assertThat(help).as(name).startsWith("Usage: " + name).contains("Options of every command:", "--config");
            assertThat(help.lines()).as(name).allMatch(text -> text.length() <= 100, "fits into 100 columns");
            assertThat(help).as(name).doesNotContain("%%", "@|", "null");
            assertThat(line.getCommandSpec().usageMessage().description())
                    .as(name + " says what it does")
                    .isNotEmpty();
            for (OptionSpec option : line.getCommandSpec().options()) {
                assertThat(option.description())
                        .as(name + " " + option.longestName())
                        .isNotEmpty();
            }
            if (line.getSubcommands().isEmpty()) {
                assertThat(help).as(name).contains("Exit codes:");
            }
        }
    }

    @Test
    void everyCommand_isAVerbOrAGroupOfVerbs() {
        for (CommandLine line : all(Commands.commandLine())) {
            assertThat(line.getCommand() instanceof Verb)
                    .as(line.getCommandSpec().qualifiedName())
                    .isEqualTo(line.getSubcommands().isEmpty());
        }
    }

    @Test
    void globalOptions_mayStandBeforeAndAfterTheCommand() {
        GlobalOptions options = Commands.parse(
                        new String[] {"--config", "c", "config", "--set", "a=b", "show", "--set=c=d", "--quiet"})
                .options();

        assertThat(options)
                .isEqualTo(new GlobalOptions("c", List.of("a=b", "c=d"), null, GlobalOptions.Verbosity.QUIET));
    }

    @Test
    void t112_valuesOnTheCommandLine_areNotRepeatedInErrors() {
        for (String line : new String[] {
            "config show --password=geheim",
            "config show --password geheim",
            "config show geheim geheim",
            "completion bash geheim"
        }) {
            TidemarkException failure = failure(line.split(" "));

            assertThat(failure).as(line).isInstanceOf(UsageError.class);
            assertThat(ErrorText.of(failure)).as(line).doesNotContain("geheim");
        }
    }

    @Test
    void fileWithArguments_isNotRead() {
        assertThat(failure("config", "show", "@/etc/passwd")).isInstanceOf(UsageError.class);
    }
}
