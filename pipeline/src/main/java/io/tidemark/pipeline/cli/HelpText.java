package io.tidemark.pipeline.cli;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import reactor.core.publisher.Mono;

/**
 * {@code --help} of one command: how it is written, what it does, its own options before those of every command, examples (the
 * command's {@code footer}), exit codes.
 */
final class HelpText implements Verb {
    private static final int WIDTH = 100;

    private final CommandLine line;

    HelpText(CommandLine line) {
        this.line = line;
    }

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromSupplier(() -> {
            bench.console().out().print(text(bench.console().outIsColoured() ? Ansi.ON : Ansi.OFF));
            return ExitCode.DONE;
        });
    }

    String text(Ansi colours) {
        CommandSpec spec = line.getCommandSpec();
        boolean root = spec.parent() == null;
        spec.usageMessage().width(WIDTH).sortOptions(false);
        line.setHelpSectionKeys(List.of(
                UsageMessageSpec.SECTION_KEY_SYNOPSIS,
                UsageMessageSpec.SECTION_KEY_DESCRIPTION,
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
                UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
                UsageMessageSpec.SECTION_KEY_OPTION_LIST,
                UsageMessageSpec.SECTION_KEY_FOOTER,
                UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST));
        Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, help -> synopsis(help.commandSpec(), help));
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> "\n" + help.description());
        sections.put(
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
                help -> root ? grouped(help) : titled(help, "Commands", help.commandList()));
        sections.put(
                UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> titled(help, "Arguments", help.parameterList()));
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::options);
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpText::examples);
        sections.put(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST, help -> exitCodes(help, spec));
        return line.getUsageMessage(colours);
    }

    private static String title(CommandLine.Help help, String title) {
        return "\n" + help.createHeading("@|bold " + title + ":|@%n");
    }

    private static String titled(CommandLine.Help help, String title, String content) {
        return content.isEmpty() ? "" : title(help, title) + content;
    }

    private static String synopsis(CommandSpec spec, CommandLine.Help help) {
        StringBuilder text = new StringBuilder(spec.qualifiedName());
        if (!spec.subcommands().isEmpty()) {
            text.append(" COMMAND");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            text.append(' ').append(parameter.paramLabel());
        }
        for (OptionSpec option : spec.options()) {
            if (option.required()) {
                text.append(' ').append(option.longestName()).append(' ').append(option.paramLabel());
            }
        }
        return help.createHeading("@|bold Usage:|@ %s [options]%n", text.toString());
    }

    /** Own options first: the others are the same everywhere. */
    private static String options(CommandLine.Help help) {
        List<OptionSpec> own = new ArrayList<>();
        List<OptionSpec> common = new ArrayList<>();
        for (OptionSpec option : help.commandSpec().options()) {
            if (!option.hidden()) {
                (option.scopeType() == CommandLine.ScopeType.INHERIT ? common : own).add(option);
            }
        }
        return list(help, "Options", own) + list(help, "Options of every command", common);
    }

    private static String list(CommandLine.Help help, String title, List<OptionSpec> options) {
        if (options.isEmpty()) {
            return "";
        }
        CommandLine.Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(options, help.createDefaultParamLabelRenderer());
        return title(help, title) + layout;
    }

    /** The root's commands in the groups of {@link Commands#all}. */
    private static String grouped(CommandLine.Help help) {
        StringBuilder text = new StringBuilder();
        Map<String, CommandLine> byName = help.commandSpec().subcommands();
        Commands.all().forEach((group, commands) -> {
            CommandLine.Help.TextTable table = CommandLine.Help.TextTable.forColumns(
                    help.colorScheme(),
                    new CommandLine.Help.Column(16, 2, CommandLine.Help.Column.Overflow.SPAN),
                    new CommandLine.Help.Column(WIDTH - 16, 2, CommandLine.Help.Column.Overflow.WRAP));
            for (Object command : commands) {
                CommandSpec spec = CommandSpec.forAnnotatedObject(command);
                CommandSpec known = requireNonNull(byName.get(spec.name())).getCommandSpec();
                table.addRowValues(
                        known.name(), String.join(" ", known.usageMessage().description()));
            }
            text.append(title(help, group)).append(table);
        });
        return text.toString();
    }

    private static String examples(CommandLine.Help help) {
        StringBuilder text = new StringBuilder();
        for (String example : help.commandSpec().usageMessage().footer()) {
            text.append("  ").append(example.replace("%%", "%")).append('\n');
        }
        return text.isEmpty() ? "" : title(help, "Examples") + text;
    }

    /** What a script may rely on; a command that only groups others has none of its own. */
    private static String exitCodes(CommandLine.Help help, CommandSpec spec) {
        boolean asked = spec.parent() == null || spec.subcommands().isEmpty();
        if (!asked) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (ExitCode code : exitCodes(spec)) {
            text.append(String.format(Locale.ROOT, "  %3d  %s%n", code.number(), code.meaning()));
        }
        return title(help, "Exit codes") + text;
    }

    /** Those that the command can end with. */
    static List<ExitCode> exitCodes(CommandSpec spec) {
        Contract contract = Contract.of(spec.name());
        return Stream.of(ExitCode.values())
                .filter(code -> contract == Contract.RESTORE_COMMAND
                        ? code == ExitCode.DONE || code == ExitCode.ABSENT || code == ExitCode.DOUBT
                        : code.isOfTheTable() && code != ExitCode.ABSENT && code != ExitCode.DOUBT)
                .toList();
    }
}
