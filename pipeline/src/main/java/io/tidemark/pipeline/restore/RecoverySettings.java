package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.TimelineId;
import java.util.ArrayList;
import java.util.List;

/** What {@code postgresql.auto.conf} of the restored cluster says about its recovery and its archiving. */
final class RecoverySettings {
    private RecoverySettings() {}

    /**
     * The timeline is always a number: PostgreSQL's {@code latest} would follow a fork that began after the plan was made.
     *
     * @param restoreCommand as {@link RestoreCommandLine#text} makes it
     */
    static List<ServerSetting> of(RestoreRequest request, TimelineId timeline, String restoreCommand) {
        List<ServerSetting> settings = new ArrayList<>();
        settings.add(new ServerSetting("restore_command", restoreCommand));
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
        if (request.lineage() == RestoreRequest.Lineage.COPY) {
            settings.add(new ServerSetting("archive_mode", "off"));
            settings.add(new ServerSetting("archive_command", ""));
        }
        return List.copyOf(settings);
    }
}
