package io.tidemark.it.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A start of the launcher: in front of it, perhaps, something that spoils its surroundings; its environment, of which
 * nothing is inherited but PATH; its arguments.
 */
record Launch(List<String> before, Map<String, String> environment, List<String> command) {

    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin/java");

    static Launch of(Path launcher, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(Arrays.asList(arguments));
        return new Launch(List.of(), Map.of("PATH", "/usr/bin:/bin", "TIDEMARK_JAVA", JAVA.toString()), command);
    }

    Launch with(String variable, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(variable, value);
        return new Launch(before, changed, command);
    }

    Launch without(String variable) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.remove(variable);
        return new Launch(before, changed, command);
    }

    /** Run by {@code sh}, where {@code "$@"} is the launcher with its arguments. */
    Launch through(String script) {
        return new Launch(List.of("/bin/sh", "-c", script, "sh"), environment, command);
    }

    Launch by(String shell) {
        return new Launch(List.of(shell), environment, command);
    }

    Ended run() throws IOException, InterruptedException {
        Path output = Files.createTempFile("launch", ".out");
        try {
            Process process = start(output);
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not end within two minutes: " + command);
            }
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    /** Starts it, its output going into a file. */
    Process start(Path output) throws IOException {
        List<String> all = new ArrayList<>(before);
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** How it ended, and all that it said. */
    record Ended(int code, String said) {}
}
