package io.tidemark.it.recover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.it.child.VirtualEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Python interpreter and what its programs say. Output goes through files, so that a full pipe holds nobody up. */
final class Python {
    static final Path ROOT = Path.of(System.getProperty("tidemark.root"));

    private static final Path RECOVER = ROOT.resolve("deploy/recover.py");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path interpreter;

    private Python(Path interpreter) {
        this.interpreter = interpreter;
    }

    /** What a program left behind: its exit code, its output, its complaints. */
    record Outcome(int code, Bytes out, String err) {
        byte[] bytes() {
            return out.content;
        }
    }

    /** Records hold no arrays. */
    static final class Bytes {
        private final byte[] content;

        private Bytes(byte[] content) {
            this.content = content;
        }
    }

    /** One that can run recover.py; the test is skipped where there is none. */
    static Python forRecover() {
        assumeTrue(runs("zstd", "--version"), "needs: zstd");
        for (String candidate : new String[] {"/usr/bin/python3", "python3"}) {
            if (runs(candidate, "-c", "import sys, cryptography; sys.exit(sys.version_info < (3, 11))")) {
                return new Python(Path.of(candidate));
            }
        }
        assumeTrue(false, "needs: python3 of 3.11 or later with cryptography");
        throw new AssertionError();
    }

    /** One that has Google's tink; skipped where that cannot be had. */
    static Python withTink() {
        return new Python(new VirtualEnvironment("tink-1.16.1", "tink", "tink==1.16.1").interpreter());
    }

    Outcome recover(Object... arguments) {
        List<Object> words = new ArrayList<>(List.of(RECOVER));
        words.addAll(List.of(arguments));
        return run(words.toArray());
    }

    Outcome run(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(interpreter.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return run(command);
    }

    /** Runs a script of the test resources. */
    Outcome script(String name, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of(ROOT.resolve("it/src/test/resources/recover/" + name)));
        words.addAll(List.of(arguments));
        return run(words.toArray());
    }

    private static boolean runs(String... command) {
        try {
            return run(List.of(command)).code() == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Runs any program. */
    static Outcome run(List<String> command) {
        try {
            Path out = Files.createTempFile("tidemark-recover-", ".out");
            Path err = Files.createTempFile("tidemark-recover-", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
                builder.environment().put("PYTHONPATH", ROOT.resolve("deploy").toString());
                Process process = builder.start();
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    assertThat(process.isAlive())
                            .as("%s after %s", command, PATIENCE)
                            .isFalse();
                }
                return new Outcome(
                        process.exitValue(), new Bytes(Files.readAllBytes(out)), Files.readString(err, UTF_8));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }
}
