package io.tidemark.pipeline.care.scratch;

import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs as the account of a scratch directory and keeps what they say. Output goes to files, never to pipes: a
 * server that outlives {@code pg_ctl} would hold a pipe open for ever. {@link #killAll} ends whatever still runs, with
 * all it has started.
 */
public final class Programs {
    private static final int KEPT_BYTES = 1 << 20;

    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);

    private final Account account;
    private final Path outputs;
    private final Map<String, String> environment;
    private final Clock clock;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /**
     * @param outputs an existing directory of the caller's for what programs print
     * @param environment all that programs see of an environment
     */
    public Programs(Account account, Path outputs, Map<String, String> environment, Clock clock) {
        this.account = account;
        this.outputs = outputs;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
    }

    /**
     * Programs for a scratch directory. They see little of an environment, the same for every caller: a PATH, and this
     * process's Java for the launcher where the account can run it, which it cannot when that lies in a home directory.
     */
    public static Programs in(ScratchDirectory scratch, Clock clock) {
        Path outputs = scratch.readable("outputs");
        Programs bare = new Programs(scratch.account(), outputs, Map.of("PATH", PATH, "LANG", "C"), clock);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        if (!bare.run(List.of("test", "-x", java), scratch.root(), PROBE_LIMIT).succeeded()) {
            return bare;
        }
        return new Programs(
                scratch.account(), outputs, Map.of("PATH", PATH, "LANG", "C", "TIDEMARK_JAVA", java), clock);
    }

    public Account account() {
        return account;
    }

    /** Runs a program to its end, which has to come within {@code limit}; any exit code is an answer. */
    public Outcome run(List<String> command, Path workingDirectory, Duration limit) {
        Running started = start(command, workingDirectory);
        return started.outcome(limit);
    }

    /** Starts a program and returns at once. */
    public Running start(List<String> command, Path workingDirectory) {
        try {
            Path out = Files.createTempFile(outputs, "out-", ".txt");
            Path err = Files.createTempFile(outputs, "err-", ".txt");
            ProcessBuilder builder = new ProcessBuilder(account.command(command))
                    .directory(workingDirectory.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Instant begin = clock.instant();
            Process process = builder.start();
            running.add(process);
            return new Running(process, command, out, err, begin);
        } catch (IOException e) {
            throw new PostgresFailed("cannot run " + command.get(0), e);
        }
    }

    /** Ends everything that {@link #start} began and that still runs, children first. */
    public void killAll() {
        running.forEach(Programs::kill);
    }

    private static void kill(Process process) {
        List<ProcessHandle> children = process.toHandle().descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * What a program left behind.
     *
     * @param exit its exit code; 128 + n after signal n
     * @param output the end of its standard output, at most 1 MiB
     * @param errors the end of its standard error, at most 1 MiB
     */
    public record Outcome(List<String> command, int exit, String output, String errors, Duration took) {
        public boolean succeeded() {
            return exit == 0;
        }

        /** Both outputs, the errors last, for a message about what went wrong. */
        public String said() {
            return (output.strip() + "\n" + errors.strip()).strip();
        }
    }

    /** A program on its way. */
    public final class Running {
        private final Process process;
        private final List<String> command;
        private final Path out;
        private final Path err;
        private final Instant begin;

        private Running(Process process, List<String> command, Path out, Path err, Instant begin) {
            this.process = process;
            this.command = List.copyOf(command);
            this.out = out;
            this.err = err;
            this.begin = begin;
        }

        public Process process() {
            return process;
        }

        /** Waits for the end, not longer than {@code limit}; whether it came. */
        public boolean endsWithin(Duration limit) {
            try {
                return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                kill(process);
                Thread.currentThread().interrupt();
                throw new PostgresFailed("interrupted while " + command.get(0) + " ran", e);
            }
        }

        /** Waits for the end; a program that is not done within {@code limit} is killed with its children. */
        public Outcome outcome(Duration limit) {
            if (!endsWithin(limit)) {
                kill(process);
                throw new PostgresFailed(
                        command.get(0) + " did not end within " + limit.toSeconds() + " s\n" + read(out) + read(err));
            }
            running.remove(process);
            return result();
        }

        /** Kills the program and everything that it started, as {@code kill -9} does. */
        public void killNow() {
            kill(process);
        }

        private Outcome result() {
            Outcome outcome = new Outcome(
                    command, process.exitValue(), read(out), read(err), Duration.between(begin, clock.instant()));
            try {
                Files.delete(out);
                Files.delete(err);
            } catch (IOException e) {
                throw new PostgresFailed("cannot remove " + out, e);
            }
            return outcome;
        }
    }

    private static String read(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            int from = Math.max(0, all.length - KEPT_BYTES);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new PostgresFailed("cannot read " + file, e);
        }
    }
}
