package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import java.time.Duration;
import java.util.List;

/** The server's clock against ours: targets in time are by the one, reports by the other; trap T97. */
final class ClockProbe implements Probe.OfServer {
    private static final Duration MOST = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public List<Finding> findings(ServerState server) {
        Duration ahead = Duration.between(server.ours(), server.clock());
        if (ahead.abs().minus(server.answered()).compareTo(MOST) <= 0) {
            return List.of(Finding.ok(name(), "the server's clock agrees with this host's"));
        }
        return List.of(Finding.warning(
                name(),
                "the server's clock is " + ahead.abs().toSeconds() + " s "
                        + (ahead.isNegative() ? "behind" : "ahead of") + " this host's",
                "synchronise both (chronyc tracking, timedatectl): a restore to a time goes by the server's clock"));
    }
}
