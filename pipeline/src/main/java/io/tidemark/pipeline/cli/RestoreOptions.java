package io.tidemark.pipeline.cli;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.restore.RecoveryTarget;
import io.tidemark.pipeline.restore.RestoreRequest;
import io.tidemark.pipeline.restore.TargetTime;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code restore} is asked for, as options; {@link #request} makes values of them, or says what is wrong. */
final class RestoreOptions {
    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "The new data directory: absent or empty.")
    String to = "";

    @Option(names = "--latest", description = "Recover to the end of the archived WAL; the default.")
    boolean latest;

    @Option(names = "--immediate", description = "Recover until the backup is consistent, no further.")
    boolean immediate;

    @Option(
            names = "--time",
            paramLabel = "T",
            description = "Recover to a time, with its zone: \"2026-11-22 15:00:00+01\", or Z, or Europe/Paris.")
    @Nullable
    String time;

    @Option(names = "--lsn", paramLabel = "L", description = "Recover to a position in the WAL: 16/B374D848.")
    @Nullable
    String lsn;

    @Option(names = "--xid", paramLabel = "X", description = "Recover to the end of a transaction.")
    @Nullable
    String xid;

    @Option(names = "--name", paramLabel = "N", description = "Recover to a restore point (pg_create_restore_point).")
    @Nullable
    String name;

    @Option(names = "--exclusive", description = "Stop just before the target (--time, --lsn, --xid).")
    boolean exclusive;

    @Option(
            names = "--timeline",
            paramLabel = "N",
            description = "Recover along this timeline; otherwise the one that contains the target.")
    @Nullable
    String timeline;

    @Option(
            names = "--action",
            paramLabel = "A",
            description = "At the target: pause (to look, the default), promote or shutdown.")
    @Nullable
    String action;

    @Option(
            names = "--at-least",
            paramLabel = "LSN|TIME",
            description = "Refuse when the archived WAL does not reach so far.")
    @Nullable
    String atLeast;

    @Option(
            names = "--backup",
            paramLabel = "LABEL",
            description = "Begin with this backup; otherwise the newest one that ends before the target.")
    @Nullable
    String backup;

    @Option(
            names = "--system-identifier",
            paramLabel = "N",
            description = "Which system, where a repository has several (after a major upgrade).")
    @Nullable
    String system;

    @Option(
            names = "--tablespace-map",
            paramLabel = "OLD=NEW",
            description = "Where a tablespace, or an outside pg_wal, shall go; may be repeated.")
    List<String> tablespaces = List.of();

    @Option(
            names = "--same-cluster",
            description = "It takes the origin's place: archiving stays on. Otherwise it is off in the copy.")
    boolean sameCluster;

    RestoreRequest request(Path workingDirectory) {
        return new RestoreRequest(
                path("--to", workingDirectory, to),
                target(),
                exclusive ? RestoreRequest.Inclusion.EXCLUSIVE : RestoreRequest.Inclusion.INCLUSIVE,
                action(),
                sameCluster ? RestoreRequest.Lineage.SAME_CLUSTER : RestoreRequest.Lineage.COPY,
                timeline == null ? null : parsed("--timeline", timeline, RestoreOptions::timeline),
                atLeast == null ? null : atLeast(atLeast),
                backup == null ? null : parsed("--backup", backup, BackupLabel::new),
                system == null ? null : parsed("--system-identifier", system, SystemIdentifier::parse),
                locations(workingDirectory));
    }

    private RecoveryTarget target() {
        List<RecoveryTarget> targets = new ArrayList<>();
        if (latest) {
            targets.add(new RecoveryTarget.Latest());
        }
        if (immediate) {
            targets.add(new RecoveryTarget.Immediate());
        }
        if (time != null) {
            targets.add(new RecoveryTarget.Time(TargetTime.parse(time)));
        }
        if (lsn != null) {
            targets.add(new RecoveryTarget.Position(parsed("--lsn", lsn, Lsn::parse)));
        }
        if (xid != null) {
            targets.add(RecoveryTarget.Transaction.parse(xid));
        }
        if (name != null) {
            targets.add(new RecoveryTarget.Name(name));
        }
        if (targets.size() > 1) {
            throw new UsageError(
                    "several targets: "
                            + targets.stream()
                                    .map(target -> "--" + target.kind())
                                    .toList(),
                    "give one");
        }
        return targets.isEmpty() ? new RecoveryTarget.Latest() : targets.get(0);
    }

    private RestoreRequest.Action action() {
        if (action == null) {
            return RestoreRequest.Action.PAUSE;
        }
        for (RestoreRequest.Action known : RestoreRequest.Action.values()) {
            if (known.toString().equals(action)) {
                return known;
            }
        }
        throw new UsageError("--action '" + action + "', expected pause, promote or shutdown");
    }

    /** Decimal as PostgreSQL prints it, or the eight hex digits of file names. */
    private static TimelineId timeline(String text) {
        return text.length() == 8 ? TimelineId.parse(text) : TimelineId.of(Long.parseLong(text));
    }

    /** Which time the last archived commit has is known only where segments are inspected. */
    private static Lsn atLeast(String text) {
        if (text.contains("/") && !text.contains(":")) {
            return parsed("--at-least", text, Lsn::parse);
        }
        throw new NotInThisVersion(
                "--at-least with a time (" + TargetTime.parse(text)
                        + ") needs the commit times of archived WAL, and segments are not inspected in this version",
                "give an LSN: --at-least 16/B374D848");
    }

    private Map<Path, Path> locations(Path workingDirectory) {
        Map<Path, Path> locations = new HashMap<>();
        for (String mapping : tablespaces) {
            int equals = mapping.indexOf('=');
            if (equals < 1 || equals == mapping.length() - 1) {
                throw new UsageError("--tablespace-map '" + mapping + "', expected OLD=NEW");
            }
            Path old = path("--tablespace-map", workingDirectory, mapping.substring(0, equals));
            Path now = path("--tablespace-map", workingDirectory, mapping.substring(equals + 1));
            if (locations.put(old, now) != null) {
                throw new UsageError("--tablespace-map names '" + old + "' twice");
            }
        }
        return locations;
    }

    private static Path path(String option, Path workingDirectory, String text) {
        try {
            return workingDirectory.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new UsageError(option + " '" + text + "' is no path: " + e.getReason(), e);
        }
    }

    private static <T> T parsed(String option, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageError(option + ": " + e.getMessage(), e);
        }
    }
}
