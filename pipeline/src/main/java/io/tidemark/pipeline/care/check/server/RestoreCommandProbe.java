package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.FailureKind;
import java.util.List;

/** What is wrong with {@code restore_command}, where one is set: a restore by Tidemark writes its own. */
final class RestoreCommandProbe implements Probe.OfServer {
    private static final String HINT = "tidemark restore writes it; for a standby: restore_command = "
            + "'tidemark archive-get %f \"%p\"', with the path and options of archive_command";

    @Override
    public String name() {
        return "restore_command";
    }

    @Override
    public List<Finding> findings(ServerState server) {
        String command = server.setting(name()).orElse("");
        if (command.isBlank()) {
            return List.of(Finding.ok(name(), "not set"));
        }
        List<String> faults = CommandLint.ofRestore(command);
        if (!faults.isEmpty()) {
            return faults.stream()
                    .map(fault -> Finding.failed(name(), FailureKind.USAGE, "'" + command + "': " + fault, HINT))
                    .toList();
        }
        boolean ours = ShellLine.parse(command).words().contains("archive-get") && command.contains("tidemark");
        return List.of(
                ours || !server.isStandby()
                        ? Finding.ok(name(), command)
                        : Finding.warning(name(), "'" + command + "' fetches WAL elsewhere, not with Tidemark", HINT));
    }
}
