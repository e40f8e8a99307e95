package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.UsageError;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a restore.
 *
 * @param directory the new data directory, absolute
 * @param timeline null: the one that contains the target
 * @param atLeast what must be reachable, or the plan refuses; null for nothing
 * @param backup null: the newest one before the target
 * @param system null: the only one
 * @param locations of tablespaces and of an outside {@code pg_wal}: where it lay on the origin, where it shall lie; both absolute
 */
public record RestoreRequest(
        Path directory,
        RecoveryTarget target,
        Inclusion inclusion,
        Action action,
        Lineage lineage,
        @Nullable TimelineId timeline,
        @Nullable Lsn atLeast,
        @Nullable BackupLabel backup,
        @Nullable SystemIdentifier system,
        Map<Path, Path> locations) {

    /** Whether the target itself is still replayed. */
    public enum Inclusion {
        INCLUSIVE,
        EXCLUSIVE
    }

    /** What the server does at the target. */
    public enum Action {
        /** Lets a person look; {@code pg_wal_replay_resume()} makes it final. PostgreSQL's own default. */
        PAUSE("pause"),
        PROMOTE("promote"),
        SHUTDOWN("shutdown");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Who archives under the cluster's name afterwards. */
    public enum Lineage {
        /** A copy beside the origin: its archiving is off. */
        COPY,
        /** It takes the origin's place: its archiving stays as it was. */
        SAME_CLUSTER
    }

    public RestoreRequest {
        locations = Map.copyOf(locations);
        if (inclusion == Inclusion.EXCLUSIVE && !target.kind().mayExclude()) {
            throw new UsageError(
                    "--exclusive has no meaning for target " + target.kind(), "it is for --time, --lsn and --xid");
        }
    }

    /** Everything as it comes when only the place is given. */
    public static RestoreRequest latest(Path directory) {
        return new RestoreRequest(
                directory,
                new RecoveryTarget.Latest(),
                Inclusion.INCLUSIVE,
                Action.PAUSE,
                Lineage.COPY,
                null,
                null,
                null,
                null,
                Map.of());
    }

    public RestoreRequest withTarget(RecoveryTarget other) {
        return new RestoreRequest(
                directory, other, inclusion, action, lineage, timeline, atLeast, backup, system, locations);
    }
}
