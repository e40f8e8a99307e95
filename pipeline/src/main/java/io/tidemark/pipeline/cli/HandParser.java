package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.UsageError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of archive-push and archive-get, by hand: PostgreSQL starts these once a segment, and picocli alone takes longer to
 * load than a segment takes to archive. {@code HandParserTest} holds it to what picocli makes of the same command lines.
 */
public final class HandParser {
    private final List<String> set = new ArrayList<>();
    private final List<String> positional = new ArrayList<>();
    private final List<String> repositories = new ArrayList<>();
    private @Nullable String config;
    private @Nullable String cluster;
    private @Nullable String through;
    private Verbosity verbosity = Verbosity.NORMAL;

    private HandParser() {}

    /** The command that the arguments name, which is the first word that is no option; empty if none. */
    public static String command(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (!args[i].startsWith("-")) {
                return args[i];
            }
            if (takesValue(args[i])) {
                i++;
            }
        }
        return "";
    }

    /** Whether the arguments ask for help, which picocli gives for these commands too. */
    public static boolean asksForHelp(String[] args) {
        for (String argument : args) {
            if (argument.equals("--help") || argument.equals("-h")) {
                return true;
            }
        }
        return false;
    }

    private static boolean takesValue(String option) {
        return switch (option) {
            case "--config", "--set", "--cluster", "--repository", "--through" -> true;
            default -> false;
        };
    }

    public static Invocation archivePush(String[] args) {
        HandParser parser = new HandParser();
        parser.read(args);
        if (!parser.repositories.isEmpty() || parser.through != null) {
            throw new UsageError("archive-push has no --repository and no --through: it writes to every repository");
        }
        parser.requireWords(2, "tidemark archive-push %p");
        ArchivePushCommand command = new ArchivePushCommand();
        command.path = parser.positional.get(1);
        return new Invocation(command, parser.options());
    }

    public static Invocation archiveGet(String[] args) {
        HandParser parser = new HandParser();
        parser.read(args);
        parser.requireWords(3, "tidemark archive-get %f %p");
        ArchiveGetCommand command = new ArchiveGetCommand();
        command.file = parser.positional.get(1);
        command.path = parser.positional.get(2);
        command.repositories = List.copyOf(parser.repositories);
        command.through = parser.through;
        return new Invocation(command, parser.options());
    }

    private GlobalOptions options() {
        return new GlobalOptions(config, set, cluster, verbosity);
    }

    private void requireWords(int count, String synopsis) {
        if (positional.size() != count) {
            throw new UsageError(
                    positional.get(0) + " takes " + (count - 1) + (count == 2 ? " argument" : " arguments") + ", not "
                            + (positional.size() - 1),
                    "write it as: " + synopsis);
        }
    }

    private void read(String[] args) {
        for (int i = 0; i < args.length; i++) {
            String argument = args[i];
            if (!argument.startsWith("-")) {
                positional.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!takesValue(name)) {
                flag(argument, name);
            } else if (equals >= 0) {
                option(name, argument.substring(equals + 1));
            } else if (i + 1 < args.length) {
                i++;
                option(name, args[i]);
            } else {
                throw new UsageError(name + " needs a value");
            }
        }
    }

    /** An unknown option is named without its value, which may be a secret in the wrong place. */
    private void flag(String argument, String name) {
        switch (argument) {
            case "--quiet" -> verbosity = Verbosity.QUIET;
            case "--with-pieces" ->
                throw new NotInThisVersion("--with-pieces belongs to streamed WAL, which is not in this version");
            default -> throw new UsageError("unknown option " + name, "tidemark " + positional() + " --help");
        }
    }

    private String positional() {
        return positional.isEmpty() ? "" : positional.get(0);
    }

    private void option(String name, String value) {
        switch (name) {
            case "--config" -> config = value;
            case "--set" -> set.add(value);
            case "--cluster" -> cluster = value;
            case "--repository" -> repositories.add(value);
            case "--through" -> through = value;
            default -> throw new IllegalStateException("takesValue and option disagree about " + name);
        }
    }
}
