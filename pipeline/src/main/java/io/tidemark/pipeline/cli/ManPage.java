package io.tidemark.pipeline.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of one command, in roff with the macros of man(7), from what picocli knows of the command: the same words
 * as {@code --help}. Pure; the same command gives the same bytes.
 */
final class ManPage {
    private final CommandSpec spec;
    private final String version;
    private final StringBuilder page = new StringBuilder();

    ManPage(CommandSpec spec, String version) {
        this.spec = spec;
        this.version = version;
    }

    /** {@code tidemark-keys-rotate}: the page's name, and its file's before {@code .1}. */
    static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    /** The command, and those below it. */
    static Stream<CommandSpec> all(CommandSpec root) {
        return Stream.concat(
                Stream.of(root),
                root.subcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(sub -> !sub.usageMessage().hidden())
                        .flatMap(ManPage::all));
    }

    String text() {
        macro(".TH", name(spec).toUpperCase(Locale.ROOT), "1", "", "Tidemark " + version, "Tidemark manual");
        section("NAME");
        line(escaped(name(spec)) + " \\- " + escaped(firstSentence()));
        section("SYNOPSIS");
        synopsis();
        section("DESCRIPTION");
        line(escaped(description(spec)));
        commands();
        parameters();
        options();
        examples();
        exitStatus();
        section("SEE ALSO");
        line(seeAlso());
        return page.toString();
    }

    private static String description(CommandSpec spec) {
        return plain(String.join(" ", spec.usageMessage().description()));
    }

    /** On one line, without its full stop, as whatis(1) shows it. */
    private String firstSentence() {
        String whole = description(spec);
        int stop = whole.indexOf(". ");
        String sentence = stop < 0 ? whole : whole.substring(0, stop);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private void synopsis() {
        StringBuilder text = new StringBuilder("\\fB" + escaped(spec.qualifiedName()) + "\\fR");
        if (!spec.subcommands().isEmpty()) {
            text.append(" \\fICOMMAND\\fR");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            text.append(" \\fI").append(escaped(parameter.paramLabel())).append("\\fR");
        }
        for (OptionSpec option : spec.options()) {
            if (option.required()) {
                text.append(' ').append(option(option, option.longestName()));
            }
        }
        line(text.append(" [\\fIoptions\\fR]").toString());
    }

    private void commands() {
        List<CommandSpec> commands =
                all(spec).skip(1).filter(sub -> sub.parent() == spec).toList();
        if (!commands.isEmpty()) {
            section("COMMANDS");
            commands.forEach(sub -> term("\\fB" + escaped(name(sub)) + "\\fR(1)", description(sub)));
        }
    }

    private void parameters() {
        if (!spec.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            spec.positionalParameters()
                    .forEach(parameter -> term(
                            "\\fI" + escaped(parameter.paramLabel()) + "\\fR",
                            plain(String.join(" ", parameter.description()))));
        }
    }

    private void options() {
        List<OptionSpec> own = new ArrayList<>();
        List<OptionSpec> common = new ArrayList<>();
        spec.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> (option.scopeType() == CommandLine.ScopeType.INHERIT ? common : own).add(option));
        options("OPTIONS", own);
        options("OPTIONS OF EVERY COMMAND", common);
    }

    private void options(String title, List<OptionSpec> options) {
        if (!options.isEmpty()) {
            section(title);
            options.forEach(option -> term(
                    Stream.of(option.names()).map(name -> option(option, name)).collect(Collectors.joining(", ")),
                    plain(String.join(" ", option.description()))));
        }
    }

    private static String option(OptionSpec option, String name) {
        String bold = "\\fB" + escaped(name) + "\\fR";
        return option.arity().max() == 0 ? bold : bold + " \\fI" + escaped(option.paramLabel()) + "\\fR";
    }

    private void examples() {
        String[] examples = spec.usageMessage().footer();
        if (examples.length > 0) {
            section("EXAMPLES");
            macro(".nf");
            for (String example : examples) {
                line(escaped(plain(example)));
            }
            macro(".fi");
        }
    }

    private void exitStatus() {
        if (spec.parent() != null && !spec.subcommands().isEmpty()) {
            return;
        }
        section("EXIT STATUS");
        HelpText.exitCodes(spec).forEach(code -> term(String.valueOf(code.number()), code.meaning()));
    }

    private String seeAlso() {
        List<CommandSpec> others = new ArrayList<>();
        if (spec.parent() != null) {
            others.add(spec.parent());
            others.addAll(all(spec.parent())
                    .skip(1)
                    .filter(sub -> sub.parent() == spec.parent() && sub != spec)
                    .toList());
        }
        String pages = others.stream()
                .map(other -> "\\fB" + escaped(name(other)) + "\\fR(1)")
                .collect(Collectors.joining(", "));
        return pages.isEmpty() ? "The pages of the commands above." : pages;
    }

    /** What picocli would make of its own format: {@code %%} and {@code %n}. */
    private static String plain(String text) {
        return text.replace("%n", " ").replace("%%", "%");
    }

    private void section(String title) {
        macro(".SH", title);
    }

    private void term(String term, String text) {
        macro(".TP");
        line(term);
        line(escaped(text));
    }

    private void macro(String name, String... arguments) {
        page.append(name);
        for (String argument : arguments) {
            page.append(" \"").append(escaped(argument)).append('"');
        }
        page.append('\n');
    }

    /** A line of text; one that begins as a request would must not. */
    private void line(String text) {
        page.append(text.startsWith(".") || text.startsWith("'") ? "\\&" : "")
                .append(text)
                .append('\n');
    }

    /** As it is, for roff: a bare {@code -} would be a hyphen, and could not be copied into a shell. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("\"", "\\(dq")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }
}
