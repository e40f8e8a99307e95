package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import java.util.List;

/** What is different on a standby; trap T91. */
final class StandbyProbe implements Probe.OfServer {
    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public List<Finding> findings(ServerState server) {
        if (!server.isStandby()) {
            return List.of(Finding.ok(name(), "a primary"));
        }
        long delay = server.number("recovery_min_apply_delay").orElse(0);
        return List.of(
                delay > 0
                        ? Finding.warning(
                                name(),
                                "a standby that replays " + delay / 1000
                                        + " s late (recovery_min_apply_delay): a backup "
                                        + "of it begins with what was true then, and waits for its WAL so long",
                                "back up the primary, or a standby without delay")
                        : Finding.ok(name(), "a standby without delay"));
    }
}
