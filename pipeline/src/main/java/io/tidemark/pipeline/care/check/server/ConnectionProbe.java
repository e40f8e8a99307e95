package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.FailureKind;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether the server is reached, where, as whom, and of which version. */
public final class ConnectionProbe implements Probe.Independent {
    private static final int OLDEST = 15;
    private static final int NEWEST = 18;

    private final ClusterSettings cluster;
    private final Mono<ServerState> server;

    public ConnectionProbe(ClusterSettings cluster, Mono<ServerState> server) {
        this.cluster = cluster;
        this.server = server;
    }

    @Override
    public String name() {
        return "connection";
    }

    @Override
    public Flux<Finding> findings() {
        return server.map(this::judged)
                .onErrorResume(failure -> Mono.just(failed(failure)))
                .flux();
    }

    Finding judged(ServerState state) {
        String reached = "PostgreSQL " + state.version() + " at " + state.where() + " as " + state.role();
        if (state.majorVersion() < OLDEST || state.majorVersion() > NEWEST) {
            return Finding.failed(
                    name(),
                    FailureKind.POSTGRES,
                    reached + ": this version of Tidemark knows " + OLDEST + " to " + NEWEST,
                    state.majorVersion() < OLDEST
                            ? "upgrade the server: PostgreSQL itself gives no fixes for it any more, or soon will not"
                            : "upgrade Tidemark");
        }
        return Finding.ok(name(), reached + (state.isStandby() ? ", a standby" : ""));
    }

    private Finding failed(Throwable failure) {
        Finding told = Finding.failed(name(), failure);
        return told.hint() != null
                ? told
                : new Finding(
                        told.verdict(),
                        told.probe(),
                        told.text(),
                        "cluster." + cluster.name()
                                + ".connection: host=/var/run/postgresql user=tidemark dbname=postgres; " + "the role: "
                                + RoleSql.whole("tidemark", "postgres"),
                        told.kind(),
                        told.failure());
    }
}
