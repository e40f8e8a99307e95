package io.tidemark.pipeline.care.check.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with an {@code archive_command} or {@code restore_command} whatever the tool, and the lines that well-known
 * guides print (seed rows S-1, S-2; trap T22). PostgreSQL believes the line's exit code, and replaces {@code %p}, {@code %f},
 * {@code %r} and {@code %%}. Pure.
 */
final class CommandLint {
    private static final Set<String> NOTHING = Set.of("true", "/bin/true", "/usr/bin/true", ":", "exit", "cd", "echo");

    private CommandLint() {}

    /** Faults of an {@code archive_command}, in words. */
    static List<String> ofArchive(String command) {
        List<String> faults = new ArrayList<>();
        ShellLine line = ShellLine.parse(command);
        if (command.contains("pg_tde_archive_decrypt") && line.operators().contains("|")) {
            faults.add(
                    "the pipe does not do what it looks like: pg_tde_archive_decrypt takes three arguments (%f %p and the "
                            + "command as one word) and ends with an error; the status that PostgreSQL sees is the last program's, "
                            + "which reads no standard input and archives the file as it lies, still encrypted");
        } else {
            status(line, faults);
        }
        if (!line.words().isEmpty() && NOTHING.contains(line.words().get(0))) {
            faults.add("it archives nothing and says that it did: PostgreSQL removes the WAL");
        }
        placeholders(command, "%p", faults);
        if (takesFile(line)) {
            faults.add("archive-push takes %p alone, not %f");
        }
        return faults;
    }

    /** Faults of a {@code restore_command}, in words. */
    static List<String> ofRestore(String command) {
        List<String> faults = new ArrayList<>();
        ShellLine line = ShellLine.parse(command);
        if (line.operators().contains("|")) {
            faults.add("a pipe's status is its last program's: what the first one could not fetch passes for fetched");
        } else {
            status(line, faults);
        }
        if (command.contains("pgbackrest")
                && command.contains("archive-get")
                && !command.contains("pg_tde_restore_encrypt")) {
            faults.add("pgbackrest writes plain WAL: on a cluster whose WAL pg_tde encrypts it has to go through "
                    + "pg_tde_restore_encrypt");
        }
        placeholders(command, "%f", faults);
        placeholders(command, "%p", faults);
        int file = line.words().indexOf("%f");
        int path = line.words().indexOf("%p");
        if (line.words().contains("archive-get") && file > path && path >= 0) {
            faults.add("archive-get takes %f first, then %p");
        }
        return faults;
    }

    /** Whether the line's exit code is the one of the command that does the work. */
    private static void status(ShellLine line, List<String> faults) {
        Set<String> operators = line.operators();
        if (operators.contains("|")) {
            faults.add("a pipe's status is its last program's: that the first one failed is not seen");
        }
        if (operators.contains("||")) {
            faults.add("what stands behind || hides that the command failed");
        }
        if (operators.contains(";") || operators.contains("newline")) {
            faults.add("the status is the last command's: that an earlier one failed is not seen");
        }
        if (operators.contains("&")) {
            faults.add("& does not wait: PostgreSQL goes on before anything is archived");
        }
    }

    private static void placeholders(String command, String wanted, List<String> faults) {
        String replaced = command.replace("%%", "");
        if (command.contains("%" + wanted) && !replaced.contains(wanted)) {
            faults.add("%" + wanted + " is a percent sign and a letter to PostgreSQL: write " + wanted);
        } else if (!replaced.contains(wanted)) {
            faults.add(wanted + " is missing: PostgreSQL does not say which file");
        }
    }

    private static boolean takesFile(ShellLine line) {
        return line.words().contains("archive-push")
                && line.words().contains("%f")
                && line.words().stream().noneMatch(word -> word.contains("pg_tde_"));
    }
}
