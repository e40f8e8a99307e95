package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether no server runs on a data directory and the last one ended cleanly. Asked before the backup and after it. */
final class StoppedServer {
    private static final String HINT =
            "stop the server with pg_ctl stop; a backup of a running one is not in this version";

    private final Path root;

    StoppedServer(Path root) {
        this.root = root;
    }

    /** @throws RefusedForSafety saying what speaks against it */
    void require() throws IOException {
        Optional<Long> pid = runningPostmaster();
        if (pid.isPresent()) {
            throw new RefusedForSafety("a server runs on " + root + " (process " + pid.get() + ")", HINT);
        }
        PgControl control = DataDirectory.readControl(root);
        if (!control.state().isShutDown()) {
            throw new RefusedForSafety(
                    root + " is not stopped cleanly: pg_control says '" + control.state() + "'",
                    "start the server and stop it with pg_ctl stop -m fast");
        }
        for (String name : new String[] {"backup_label", "tablespace_map"}) {
            if (Files.exists(root.resolve(name))) {
                throw new RefusedForSafety(root + " holds a " + name + ": it is itself a copy that was never started");
            }
        }
    }

    private Optional<Long> runningPostmaster() throws IOException {
        Path file = root.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String first = Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (!first.matches("-?[1-9][0-9]{0,9}")) {
            throw new RefusedForSafety(file + " does not say which process runs here", "remove it if no server runs");
        }
        // a single-user server writes its number with a minus
        long pid = Math.abs(Long.parseLong(first));
        return isAlive(pid) && !runsElsewhere(pid) ? Optional.of(pid) : Optional.empty();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    // A server's working directory is its data directory. A number can be another program's by now; where we may not
    // look, it is taken for the server's.
    private boolean runsElsewhere(long pid) {
        try {
            return !Files.isSameFile(Path.of("/proc", Long.toString(pid), "cwd"), root);
        } catch (IOException | SecurityException e) {
            return false;
        }
    }
}
