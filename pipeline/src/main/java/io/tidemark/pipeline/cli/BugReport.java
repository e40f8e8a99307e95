package io.tidemark.pipeline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Tidemark says and writes down when it has failed through its own fault. The report holds the command and the names of its
 * options, never their values, and the stack trace.
 */
public final class BugReport {
    private final Throwable failure;
    private final String[] args;

    private BugReport(Throwable failure, String[] args) {
        this.failure = failure;
        this.args = args;
    }

    public static BugReport of(Throwable failure, String[] args) {
        return new BugReport(failure, args.clone());
    }

    /** Writes the report, if that is possible, and gives the message. */
    public String tell() {
        String what = Printable.of(String.valueOf(failure));
        try {
            // createTempFile: mode 0600, and never an existing file or link.
            Path file = Files.createTempFile("tidemark-report-", ".txt");
            Files.writeString(file, text());
            return "tidemark: this is a bug in tidemark: " + what + "\nHINT: please report it, with the file " + file;
        } catch (IOException e) {
            return "tidemark: this is a bug in tidemark: " + what
                    + "\nHINT: please report it, with this text (no report file: "
                    + Printable.of(String.valueOf(e.getMessage())) + ")\n" + text();
        }
    }

    private String text() {
        StringWriter text = new StringWriter();
        PrintWriter lines = new PrintWriter(text);
        lines.println("tidemark " + ProductVersion.text());
        lines.println("java " + System.getProperty("java.runtime.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        lines.println("command: " + String.join(" ", words()));
        lines.println();
        failure.printStackTrace(lines);
        return text.toString();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(HandParser.command(args));
        for (String argument : args) {
            if (argument.startsWith("-")) {
                int equals = argument.indexOf('=');
                words.add(equals < 0 ? argument : argument.substring(0, equals) + "=…");
            }
        }
        return words;
    }
}
