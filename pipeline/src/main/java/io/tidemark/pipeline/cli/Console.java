package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Standard output and standard error, and what they are. Results go to {@link #out}; progress, events and errors to {@link #err}.
 * Always UTF-8: a locale does not change what a script reads.
 */
public final class Console {
    /** Carriage return, then "erase to the end of the line". */
    private static final String START_OF_LINE = "\r\033[K";

    private final PrintStream out;
    private final PrintStream err;
    private final Verbosity verbosity;
    private final Sink outSink;
    private final Sink errSink;

    /** What a stream leads to. */
    public enum Sink {
        TERMINAL,
        COLOURED_TERMINAL,
        OTHER
    }

    public Console(PrintStream out, Sink outSink, PrintStream err, Sink errSink, Verbosity verbosity) {
        this.out = out;
        this.outSink = outSink;
        this.err = err;
        this.errSink = errSink;
        this.verbosity = verbosity;
    }

    /** This process's own streams. */
    public static Console standard(Map<String, String> environment, Verbosity verbosity) {
        return new Console(
                stream(FileDescriptor.out),
                sink(1, environment),
                stream(FileDescriptor.err),
                sink(2, environment),
                verbosity);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), /* autoFlush= */ true, StandardCharsets.UTF_8);
    }

    /** Asked of the descriptor itself: System.console() wants standard input too, and is never null from Java 22 on. */
    private static Sink sink(int descriptor, Map<String, String> environment) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            if (!target.startsWith("/dev/pts/") && !target.startsWith("/dev/tty") && !target.equals("/dev/console")) {
                return Sink.OTHER;
            }
        } catch (IOException e) {
            return Sink.OTHER;
        }
        boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
        return colour ? Sink.COLOURED_TERMINAL : Sink.TERMINAL;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public Verbosity verbosity() {
        return verbosity;
    }

    /** Whether a line on standard error can be written over. */
    public boolean errIsTerminal() {
        return errSink != Sink.OTHER;
    }

    public boolean outIsColoured() {
        return outSink == Sink.COLOURED_TERMINAL;
    }

    public boolean errIsColoured() {
        return errSink == Sink.COLOURED_TERMINAL;
    }

    /** Writes one line over the last one that was written so; on terminals only. */
    void over(String line) {
        if (errIsTerminal()) {
            err.print(START_OF_LINE + line);
            err.flush();
        }
    }

    /** Takes that line away, so that something else can be written. */
    void erase() {
        over("");
    }

    /** The same streams, after the options are known. */
    public Console with(Verbosity newVerbosity) {
        return new Console(out, outSink, err, errSink, newVerbosity);
    }
}
