package io.tidemark.pipeline.care.check.probe;

import io.tidemark.pipeline.postgres.ArchiverState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself, read by SQL over one connection.
 *
 * @param where host and port, or the socket
 * @param version as {@code server_version} has it, such as {@code 17.6 (Debian 17.6-1.pgdg12+1)}
 * @param versionNumber {@code 170006}
 * @param role that the connection is of
 * @param database that the connection is to; grants on functions count there
 * @param recovery whether it replays WAL
 * @param settings by name, as {@code pg_settings.setting} has them (base units); those that the role may not see are missing
 * @param pendingRestart settings whose new value waits for a restart
 * @param systemIdentifier null where it was not told
 * @param walSenders that run now; empty where the role may not see them
 * @param clock what its clock said
 * @param ours what ours said in the middle of the question
 * @param answered how long the question took
 */
public record ServerState(
        String where,
        String version,
        int versionNumber,
        String role,
        Set<Grant> grants,
        String database,
        Recovery recovery,
        Map<String, String> settings,
        Set<String> pendingRestart,
        @Nullable Long systemIdentifier,
        OptionalLong walSenders,
        ArchiverState archiver,
        Instant clock,
        Instant ours,
        Duration answered) {

    /** Primary or standby. */
    public enum Recovery {
        PRIMARY,
        STANDBY
    }

    public ServerState {
        grants = grants.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(grants));
        settings = Map.copyOf(settings);
        pendingRestart = Set.copyOf(pendingRestart);
    }

    /** {@code 17} of 17.6. */
    public int majorVersion() {
        return versionNumber / 10_000;
    }

    public boolean isStandby() {
        return recovery == Recovery.STANDBY;
    }

    /** Whether the role has it, by itself or because it may do anything. */
    public boolean may(Grant grant) {
        return grants.contains(Grant.SUPERUSER) || grants.contains(grant);
    }

    /** A setting's value; empty where the role may not see it, or this version has no such setting. */
    public Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /** The setting of a switch; empty as {@link #setting}. */
    public boolean isOff(String name) {
        return "off".equals(settings.get(name));
    }

    /** A setting in its base unit; empty as {@link #setting}. */
    public OptionalLong number(String name) {
        String value = settings.get(name);
        return value != null && value.matches("-?[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(value))
                : OptionalLong.empty();
    }
}
