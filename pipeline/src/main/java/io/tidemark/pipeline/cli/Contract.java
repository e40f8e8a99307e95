package io.tidemark.pipeline.cli;

import java.util.List;
import java.util.Locale;

/** Who reads the exit code, and how (CLI.md, Exit codes). */
public enum Contract {
    /** A person or a script: the table. */
    TABLE(ExitCode.DEADLINE.number()),

    /** PostgreSQL's archiver: 0, or 1 to 125 to be tried again; a code above restarts the archiver. */
    ARCHIVE_COMMAND(ExitCode.DEADLINE.number()),

    /** PostgreSQL's recovery: 0, absent, or above 125. 143 (SIGTERM) it takes as its own shutdown. */
    RESTORE_COMMAND(143),

    /** Nagios and its kin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
    NAGIOS(3);

    /** The child of the launcher does not use 1 for "absent": a JVM that cannot start ends with 1. */
    private static final int ABSENT_TO_LAUNCHER = 64;

    private static final int WARNING_TO_LAUNCHER = 65;

    private final int interrupted;

    Contract(int interrupted) {
        this.interrupted = interrupted;
    }

    /** By the command's name, so that arguments that cannot be parsed end in the right code too. */
    public static Contract of(String command) {
        return switch (command.toLowerCase(Locale.ROOT)) {
            case "archive-push" -> ARCHIVE_COMMAND;
            case "archive-get" -> RESTORE_COMMAND;
            default -> TABLE;
        };
    }

    /** By all arguments: {@code check --nagios} is read by Nagios. */
    public static Contract of(String[] args) {
        String command = HandParser.command(args);
        return command.equals("check") && List.of(args).contains("--nagios") ? NAGIOS : of(command);
    }

    /** The number with which the process ends. */
    public int number(ExitCode code) {
        return switch (this) {
            case TABLE, ARCHIVE_COMMAND -> code.number();
            case RESTORE_COMMAND -> forRecovery(code);
            case NAGIOS -> forNagios(code);
        };
    }

    /** Where there was no check, because of usage or a bug, nothing is known. */
    private static int forNagios(ExitCode code) {
        return switch (code) {
            case DONE -> 0;
            case WARNING -> WARNING_TO_LAUNCHER;
            case CRITICAL -> 2;
            case USAGE,
                    NOT_IN_THIS_VERSION,
                    INTEGRITY,
                    KEYS,
                    STORE,
                    POSTGRES,
                    REFUSED,
                    BUSY,
                    DEADLINE,
                    BUG,
                    ABSENT,
                    DOUBT -> 3;
        };
    }

    private static int forRecovery(ExitCode code) {
        return switch (code) {
            case DONE -> 0;
            case ABSENT -> ABSENT_TO_LAUNCHER;
            case WARNING,
                    CRITICAL,
                    USAGE,
                    NOT_IN_THIS_VERSION,
                    INTEGRITY,
                    KEYS,
                    STORE,
                    POSTGRES,
                    REFUSED,
                    BUSY,
                    DEADLINE,
                    BUG,
                    DOUBT -> ExitCode.DOUBT.number();
        };
    }

    /** The number after SIGTERM or SIGINT. */
    public int interrupted() {
        return interrupted;
    }
}
