package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Known;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.SessionMode;
import io.tidemark.pipeline.postgres.SystemIdentification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether a replication connection is let in, as a base backup needs it, and leads to the same server. */
public final class ReplicationProbe implements Probe.Independent {
    private static final String NAME = "replication";

    private final ServerAccess access;
    private final Mono<ServerState> server;

    public ReplicationProbe(ServerAccess access, Mono<ServerState> server) {
        this.access = access;
        this.server = server;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Flux<Finding> findings() {
        return Known.ofAnother(server)
                .flatMap(state -> state.map(this::tried)
                        .orElseGet(() -> Mono.just(Finding.skipped(NAME, "no connection to the server"))))
                .flux();
    }

    private Mono<Finding> tried(ServerState state) {
        return Mono.usingWhen(
                        access.connect(SessionMode.REPLICATION),
                        PostgresConnection::identifySystem,
                        PostgresConnection::close)
                .map(system -> judged(state, system))
                .onErrorResume(PostgresFailed.class, refused -> Mono.just(refused(state, refused)));
    }

    static Finding judged(ServerState state, SystemIdentification system) {
        Long known = state.systemIdentifier();
        if (known != null && known != system.systemIdentifier()) {
            return Finding.failed(
                    NAME,
                    FailureKind.POSTGRES,
                    "it leads to system " + Long.toUnsignedString(system.systemIdentifier()) + ", SQL to system "
                            + Long.toUnsignedString(known),
                    "does a pooler or a balancer stand between? Connect to the server itself");
        }
        return Finding.ok(
                NAME,
                "a replication connection is let in; system " + Long.toUnsignedString(system.systemIdentifier())
                        + ", timeline " + system.timeline().number());
    }

    static Finding refused(ServerState state, PostgresFailed refused) {
        Finding told = Finding.failed(NAME, refused);
        return new Finding(
                told.verdict(), told.probe(), told.text(), hint(state, refused), told.kind(), told.failure());
    }

    /** By the SQLSTATE, where one came. Source: PostgreSQL 17, Appendix A. */
    private static String hint(ServerState state, PostgresFailed refused) {
        String role = RoleSql.identifier(state.role());
        String attribute = "ALTER ROLE " + role + " REPLICATION;";
        String senders = "ALTER SYSTEM SET max_wal_senders = "
                + (state.number("max_wal_senders").orElse(10) + 4) + "; then restart the server";
        String line = state.where().startsWith("/")
                ? "local replication " + role + " peer"
                : "host replication " + role + " ADDRESS/32 scram-sha-256";
        String entry = "pg_hba.conf needs a line of its own for replication, \"" + line
                + "\" (or the method of the role's other line), then SELECT pg_reload_conf();";
        return switch (refused.sqlState().orElse("")) {
            case "42501" -> attribute;
            case "28000" -> entry;
            case "53300" -> senders;
            default -> entry + " the role needs REPLICATION: " + attribute;
        };
    }
}
