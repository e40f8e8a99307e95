package io.tidemark.it.child;

import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * A Python environment of its own below {@code it/target}, with packages of PyPI, made when it is first wanted and kept until the next
 * {@code clean}. Several JVMs may want it at once: one makes it, aside, and the others wait.
 */
public final class VirtualEnvironment {
    private static final Path TARGET = Path.of(System.getProperty("tidemark.root"), "it/target");
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");
    private static final int MINUTES = 5;

    private final String name;
    private final String module;
    private final List<String> packages;

    /**
     * @param name     of the directory
     * @param module   what can be imported where the environment is whole
     * @param packages as pip takes them
     */
    public VirtualEnvironment(String name, String module, String... packages) {
        this.name = name;
        this.module = module;
        this.packages = List.of(packages);
    }

    /**
     * Its interpreter.
     *
     * @throws TestAbortedException where it cannot be had, with what it needs
     */
    public Path interpreter() {
        Path home = TARGET.resolve(name);
        try (FileChannel channel =
                FileChannel.open(TARGET.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock lock = channel.lock();
            try {
                if (!imports(interpreterIn(home))) {
                    make(home);
                }
            } finally {
                lock.release();
            }
            return interpreterIn(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path interpreterIn(Path home) {
        return home.resolve("bin/python3");
    }

    private boolean imports(Path interpreter) {
        return Files.isExecutable(interpreter) && runs(interpreter.toString(), "-c", "import " + module);
    }

    private void make(Path home) throws IOException {
        String python = python().orElseThrow(() -> new TestAbortedException("needs: python3 with venv and pip"));
        Path aside = Files.createTempDirectory(TARGET, name + "-");
        try {
            List<String> install = new ArrayList<>(List.of(
                    interpreterIn(aside).toString(), "-m", "pip", "install", "-q", "--disable-pip-version-check"));
            install.addAll(packages);
            if (!runs(python, "-m", "venv", aside.toString())
                    || !runs(install.toArray(String[]::new))
                    || !imports(interpreterIn(aside))) {
                System.out.println(Files.readString(log(), StandardCharsets.UTF_8));
                throw new TestAbortedException("needs: " + name + ", that is " + packages + " from PyPI; see " + log());
            }
            ScratchDirectory.delete(home);
            // the scripts in bin name their first place; the interpreter does not, and nothing else is called
            Files.move(aside, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            ScratchDirectory.delete(aside);
        }
    }

    /** Debian's own has no ensurepip without the package python3-venv; another on the path may have. */
    private Optional<String> python() {
        return PYTHONS.stream()
                .filter(candidate -> runs(candidate, "-c", "import ensurepip, venv"))
                .findFirst();
    }

    private Path log() {
        return TARGET.resolve(name + ".log");
    }

    private boolean runs(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().remove("PYTHONPATH");
            Process process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(Arrays.toString(command) + " runs after " + MINUTES + " minutes");
            }
            return process.exitValue() == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
