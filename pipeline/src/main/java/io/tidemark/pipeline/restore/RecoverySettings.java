package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.TimelineId;
import java.util.ArrayList;
import java.util.List;

/** What {@code postgresql.auto.conf} of the restored cluster says about its recovery and its archiving. */
final class RecoverySettings {
    private static final List<String> TARGETS = List.of(
            "recovery_target",
            "recovery_target_lsn",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_xid");

    private RecoverySettings() {}

    /**
     * The timeline is always a number: PostgreSQL's {@code latest} would follow a fork that began after the plan was made.
     *
     * @param restoreCommand as {@link RestoreCommandLine#text} makes it
     */
    static List<ServerSetting> of(RestoreRequest request, TimelineId timeline, String restoreCommand) {
        List<ServerSetting> settings = new ArrayList<>();
        settings.add(new ServerSetting("restore_command", restoreCommand));
        settings.addAll(noOtherTarget(request.target()));
        settings.addAll(request.target().settings());
        settings.add(new ServerSetting("recovery_target_timeline", Long.toString(timeline.number())));
        RecoveryTarget.Kind kind = request.target().kind();
        if (kind.mayExclude()) {
            boolean inclusive = request.inclusion() == RestoreRequest.Inclusion.INCLUSIVE;
            settings.add(new ServerSetting("recovery_target_inclusive", inclusive ? "on" : "off"));
        }
        if (kind != RecoveryTarget.Kind.LATEST) {
            settings.add(
                    new ServerSetting("recovery_target_action", request.action().toString()));
        }
        // a delay would hold the recovery up, and the commands are for the origin's archive and recovery
        settings.add(new ServerSetting("recovery_min_apply_delay", "0"));
        settings.add(new ServerSetting("archive_cleanup_command", ""));
        settings.add(new ServerSetting("recovery_end_command", ""));
        if (request.lineage() == RestoreRequest.Lineage.COPY) {
            settings.add(new ServerSetting("archive_mode", "off"));
            settings.add(new ServerSetting("archive_command", ""));
            // the copy is nobody's standby, takes nobody's slot, and waits for no standby of the origin's at a commit
            settings.add(new ServerSetting("primary_conninfo", ""));
            settings.add(new ServerSetting("primary_slot_name", ""));
            settings.add(new ServerSetting("synchronous_standby_names", ""));
        }
        return List.copyOf(settings);
    }

    /**
     * A target that a configuration file sets would be a second one, which keeps the server from starting, or the only one, which would
     * end recovery early. The empty value takes it back; it must come before ours, for PostgreSQL looks at one after the other.
     * Source: PostgreSQL 17, {@code assign_recovery_target} and its like (xlogrecovery.c).
     */
    private static List<ServerSetting> noOtherTarget(RecoveryTarget target) {
        return TARGETS.stream()
                .filter(name ->
                        target.settings().stream().noneMatch(own -> own.name().equals(name)))
                .map(name -> new ServerSetting(name, ""))
                .toList();
    }
}
