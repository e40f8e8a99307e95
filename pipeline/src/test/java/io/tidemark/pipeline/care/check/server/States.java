package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Grant;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.probe.ServerState.Recovery;
import io.tidemark.pipeline.postgres.ArchiverState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What a server may say of itself: a healthy one, and what differs. */
final class States {
    static final Instant NOW = Instant.parse("2026-11-27T03:00:00Z");
    static final long SYSTEM = 7_710_995_161_739_907_408L;

    final Map<String, String> settings = new HashMap<>(Map.ofEntries(
            Map.entry("archive_mode", "on"),
            Map.entry("archive_command", "/opt/tidemark/bin/tidemark archive-push %p"),
            Map.entry("archive_library", ""),
            Map.entry("archive_timeout", "60"),
            Map.entry("wal_level", "replica"),
            Map.entry("full_page_writes", "on"),
            Map.entry("fsync", "on"),
            Map.entry("data_checksums", "on"),
            Map.entry("max_wal_senders", "10"),
            Map.entry("shared_preload_libraries", ""),
            Map.entry("recovery_min_apply_delay", "0"),
            Map.entry("wal_segment_size", "16777216")));
    Set<Grant> grants = EnumSet.complementOf(EnumSet.of(Grant.SUPERUSER));
    Set<String> pendingRestart = Set.of();
    Recovery recovery = Recovery.PRIMARY;
    int versionNumber = 170_006;
    OptionalLong walSenders = OptionalLong.of(1);
    Instant clock = NOW;
    ArchiverState archiver = new ArchiverState(4, "000000010000000000000004", NOW.minusSeconds(3), 0, null, null, NOW);

    static States healthy() {
        return new States();
    }

    States with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    States standby() {
        recovery = Recovery.STANDBY;
        return this;
    }

    States without(Grant... missing) {
        for (Grant grant : missing) {
            grants.remove(grant);
        }
        return this;
    }

    ServerState state() {
        return new ServerState(
                "/run/postgresql/.s.PGSQL.5432",
                "17.6",
                versionNumber,
                "tidemark",
                grants,
                "postgres",
                recovery,
                settings,
                pendingRestart,
                SYSTEM,
                walSenders,
                archiver,
                clock,
                NOW,
                Duration.ofMillis(2));
    }
}
