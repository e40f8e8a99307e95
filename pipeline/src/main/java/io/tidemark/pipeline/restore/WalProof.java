package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.time.Instant;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether the WAL that is there leads from a backup to the target, as far as that can be known without reading it. */
final class WalProof {
    private final RestoreRequest request;
    private final Header backup;
    private final WalReach wal;
    private final SortedSet<WalSegmentName> asFound;
    private final WalSegmentSize size;

    /** @param asFound segments that are there only under pg_tde's encryption, a few */
    WalProof(RestoreRequest request, Header backup, WalReach wal, SortedSet<WalSegmentName> asFound) {
        this.request = request;
        this.backup = backup;
        this.wal = wal;
        this.asFound = asFound;
        this.size = backup.cluster().segmentSize();
    }

    /** The end of what recovery can replay: a stopped directory brings its own WAL up to its last checkpoint. */
    Lsn end() {
        Lsn archived = wal.end(size);
        return isStopped() && archived.isBefore(backup.stop().lsn())
                ? backup.stop().lsn()
                : archived;
    }

    /** @throws IntegrityFailed naming the segments that are missing on the way to the target */
    void requireWithoutGap() {
        if (end().isBefore(backup.stop().lsn())) {
            throw missing(
                    neededByBackup(),
                    "backup " + backup.label() + " needs them itself: choose an earlier one with --backup");
        }
        if (!wal.gaps().isEmpty() && gapsCount()) {
            throw missing(
                    wal.gaps().stream().map(WalReach.Gap::toString).collect(Collectors.joining(", ")),
                    "what lies before can be restored: --lsn with a position before " + end());
        }
    }

    private String neededByBackup() {
        WalSegmentName first = WalSegmentName.of(backup.timeline(), wal.end(size), size);
        WalSegmentName last =
                WalSegmentName.of(backup.timeline(), backup.stop().lsn().plus(-1), size);
        return new WalReach.Gap(first, last).toString();
    }

    private boolean gapsCount() {
        if (isStopped() && wal.through() == null) {
            // archive-get must call the first segment in doubt, for later ones are there: recovery could not even begin
            return true;
        }
        return switch (request.target().kind()) {
            case IMMEDIATE -> false;
            case LSN -> !end().isAfter(((RecoveryTarget.Position) request.target()).lsn());
            case LATEST, TIME, XID, NAME -> true;
        };
    }

    private IntegrityFailed missing(String segments, String hint) {
        String tde = asFound.isEmpty()
                ? ""
                : "; " + asFound.first()
                        + " and others are there as found under pg_tde's encryption, which is not in this version";
        return new IntegrityFailed("missing on the way to the target: WAL " + segments + tde, hint);
    }

    /**
     * @param lastArchived when the last segment was archived, null where there is none: nothing in it was committed later
     * @throws RefusedForSafety where the target cannot be reached
     */
    void requireTarget(@Nullable Instant lastArchived, Instant now) {
        Lsn atLeast = request.atLeast();
        if (atLeast != null && end().isBefore(atLeast)) {
            throw new RefusedForSafety(
                    "the repository's WAL reaches " + end() + ", not " + atLeast + " as --at-least demands",
                    "is another repository further? was something deleted?");
        }
        switch (request.target().kind()) {
            case LATEST, IMMEDIATE -> {}
            case LSN -> requirePosition(((RecoveryTarget.Position) request.target()).lsn());
            case TIME -> requireTime(((RecoveryTarget.Time) request.target()).time(), lastArchived, now);
            case XID, NAME -> {
                if (wal.through() == null) {
                    throw notReached("no WAL was archived after backup " + backup.label());
                }
            }
        }
    }

    private void requirePosition(Lsn lsn) {
        if (!end().isAfter(lsn)) {
            throw notReached("the archived WAL ends at " + end() + ", before LSN " + lsn);
        }
    }

    private void requireTime(Instant time, @Nullable Instant lastArchived, Instant now) {
        if (time.isAfter(now)) {
            throw notReached("the time lies in the future");
        }
        if (lastArchived == null) {
            throw notReached("no WAL was archived after backup " + backup.label());
        }
        if (time.isAfter(lastArchived)) {
            throw notReached("the last WAL was archived at " + TargetTime.setting(lastArchived)
                    + ": PostgreSQL cannot see that the time was reached");
        }
    }

    private static RefusedForSafety notReached(String why) {
        return new RefusedForSafety("the target is not reached: " + why, "--latest restores all that there is");
    }

    private boolean isStopped() {
        return backup.origin() == BackupOrigin.STOPPED;
    }
}
