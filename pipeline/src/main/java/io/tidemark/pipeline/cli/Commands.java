package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.UsageError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * The list of all commands, those that are built and those that are only planned. See {@link Verb} for how to add one.
 * Not loaded for archive-push and archive-get: {@link HandParser}.
 */
public final class Commands {
    /** CLI.md's commands that this version does not have. */
    private static final Set<String> PLANNED = Set.of(
            "daemon",
            "receive",
            "timeline",
            "wal",
            "verify",
            "rehearse",
            "expire",
            "tde",
            "keys audit",
            "config import");

    /** CLI.md's options that this version does not have, by command. */
    private static final Map<String, Set<String>> PLANNED_OPTIONS = Map.of(
            "demo", Set.of("--tde"),
            "restore", Set.of("--delta", "--before", "--principal-key"));

    private Commands() {}

    /** Every command, in the groups and the order in which the help shows them. */
    static Map<String, List<Object>> all() {
        Map<String, List<Object>> groups = new LinkedHashMap<>();
        groups.put("See it work", List.of(new DemoCommand()));
        groups.put("Set up", List.of(new InitCommand(), new ConfigCommand(), new CompletionCommand()));
        groups.put("PostgreSQL runs these", List.of(new ArchivePushCommand(), new ArchiveGetCommand()));
        groups.put("Back up and bring back", List.of(new BackupCommand(), new RestoreCommand(), new InfoCommand()));
        groups.put("Be sure", List.of(new CheckCommand()));
        groups.put("Look after the repositories", List.of(new CopyCommand(), new RepairCommand()));
        groups.put("Look after the keys", List.of(new KeysCommand(), new KmipCommand()));
        return groups;
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new RootCommand());
        all().values().forEach(group -> group.forEach(line::addSubcommand));
        line.addSubcommand(new ManPagesCommand());
        line.setExpandAtFiles(false);
        return line;
    }

    /** What the arguments ask for; help and version are verbs too. */
    public static Invocation parse(String[] args) {
        CommandLine line = commandLine();
        String command = HandParser.command(args);
        if (PLANNED.contains(command)) {
            throw notInThisVersion(command);
        }
        try {
            ParseResult result = line.parseArgs(args);
            while (result.hasSubcommand()) {
                result = result.subcommand();
            }
            RootCommand root = (RootCommand) line.getCommandSpec().userObject();
            return new Invocation(verb(result.commandSpec().commandLine(), result), root.options());
        } catch (CommandLine.ParameterException e) {
            throw PicocliErrors.translate(e, PLANNED, PLANNED_OPTIONS);
        }
    }

    private static Verb verb(CommandLine leaf, ParseResult result) {
        if (result.isUsageHelpRequested()) {
            return new HelpText(leaf);
        }
        if (result.isVersionHelpRequested()) {
            return new VersionText();
        }
        if (leaf.getCommand() instanceof Verb verb) {
            return verb;
        }
        throw new UsageError(
                leaf.getCommandSpec().qualifiedName() + " needs a command: "
                        + String.join(", ", leaf.getSubcommands().keySet()),
                leaf.getCommandSpec().qualifiedName() + " --help");
    }

    static NotInThisVersion notInThisVersion(String what) {
        return new NotInThisVersion("\"" + what + "\" is planned, but not in this version");
    }
}
