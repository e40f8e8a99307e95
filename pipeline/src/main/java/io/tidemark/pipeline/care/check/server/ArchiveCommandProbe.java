package io.tidemark.pipeline.care.check.server;

import static java.util.Objects.requireNonNullElse;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether {@code archive_command} is the line that is right for this configuration, and what is wrong with it. */
final class ArchiveCommandProbe implements Probe.OfServer {
    private static final String DEFAULT_CONFIGURATION = "/etc/tidemark/tidemark.yaml";

    private final ExpectedCommand expected;

    ArchiveCommandProbe(ExpectedCommand expected) {
        this.expected = expected;
    }

    @Override
    public String name() {
        return "archive_command";
    }

    @Override
    public List<Finding> findings(ServerState server) {
        String command = server.setting(name()).orElse("");
        if (command.equals("(disabled)")) {
            return List.of(
                    Finding.skipped(name(), "the server does not tell it while archive_mode is off", expected.sql()));
        }
        if (command.isBlank()) {
            return List.of(failed("empty: nothing is archived, and WAL stays in pg_wal until the disk is full"));
        }
        List<String> faults = CommandLint.ofArchive(command);
        if (!faults.isEmpty()) {
            return faults.stream()
                    .map(fault -> failed(quoted(command) + ": " + fault))
                    .toList();
        }
        Called called = Called.of(ShellLine.parse(command).words(), expected.launcher());
        return called == null
                ? List.of(failed(quoted(command) + " archives elsewhere, not with Tidemark"))
                : compared(command, called);
    }

    private Finding failed(String text) {
        return Finding.failed(name(), FailureKind.USAGE, text, expected.sql());
    }

    private List<Finding> compared(String command, Called called) {
        List<Finding> findings = new ArrayList<>();
        String cluster = called.cluster();
        if (cluster != null && !cluster.equals(expected.cluster())) {
            findings.add(failed(quoted(command) + " archives as cluster \"" + cluster + "\", checked is \""
                    + expected.cluster() + "\""));
        }
        String configuration = requireNonNullElse(called.configuration(), DEFAULT_CONFIGURATION);
        String ours = expected.configuration();
        if (ours != null && called.set().isEmpty() && !isSame(Path.of(ours), Path.of(configuration))) {
            findings.add(Finding.warning(
                    name(), quoted(command) + " reads " + configuration + ", this check read " + ours, expected.sql()));
        }
        if (!isSame(expected.launcher(), Path.of(called.launcher()))) {
            findings.add(Finding.warning(
                    name(),
                    "it runs " + called.launcher() + ", this check is of " + expected.launcher(),
                    "run check with the Tidemark that the server runs, or: " + expected.sql()));
        }
        return findings.isEmpty() ? List.of(Finding.ok(name(), command)) : findings;
    }

    /** On another host the server's paths mean nothing here. */
    private static boolean isSame(Path here, Path there) {
        try {
            return here.equals(there) || !Files.exists(there) || Files.isSameFile(here, there);
        } catch (IOException unknown) {
            return true;
        }
    }

    private static String quoted(String command) {
        return "'" + command + "'";
    }

    /** A call of Tidemark's archive-push, taken apart. */
    private record Called(
            String launcher,
            @Nullable String configuration,
            @Nullable String cluster,
            List<String> set) {

        static @Nullable Called of(List<String> words, Path launcher) {
            int program = 0;
            String file = String.valueOf(launcher.getFileName());
            while (program < words.size() && !isProgram(words.get(program), file)) {
                program++;
            }
            if (program == words.size() || !words.subList(program, words.size()).contains("archive-push")) {
                return null;
            }
            List<String> rest = words.subList(program + 1, words.size());
            List<String> set = new ArrayList<>();
            for (int i = 0; i + 1 < rest.size(); i++) {
                if (rest.get(i).equals("--set")) {
                    set.add(rest.get(i + 1));
                }
            }
            return new Called(words.get(program), value(rest, "--config"), value(rest, "--cluster"), set);
        }

        private static boolean isProgram(String word, String file) {
            String last = word.substring(word.lastIndexOf('/') + 1);
            return last.equals(file) || last.equals("tidemark");
        }

        private static @Nullable String value(List<String> words, String option) {
            for (int i = 0; i < words.size(); i++) {
                if (words.get(i).equals(option) && i + 1 < words.size()) {
                    return words.get(i + 1);
                }
                if (words.get(i).startsWith(option + "=")) {
                    return words.get(i).substring(option.length() + 1);
                }
            }
            return null;
        }
    }
}
