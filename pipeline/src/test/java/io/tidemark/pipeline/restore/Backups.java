package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ClusterFacts;
import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.WalPoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Headers of backups for tests. */
final class Backups {
    static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7710995161739907408");
    static final ClusterFacts CLUSTER =
            new ClusterFacts(SYSTEM, 17, 1700, 202406281, WalSegmentSize.DEFAULT, 8192, 8192, 131072, 1);

    private Backups() {}

    static Header header(String label, int timeline, String redo, String stop, String stopTime) {
        return header(label, timeline, redo, stop, stopTime, BackupOrigin.STOPPED, null, null);
    }

    static Header header(
            String label,
            int timeline,
            String redo,
            String stop,
            String stopTime,
            BackupOrigin origin,
            @Nullable String backupLabel,
            @Nullable String tablespaceMap) {
        Instant time = Instant.parse(stopTime);
        return new Header(
                new BackupLabel(label),
                BackupKind.FULL,
                null,
                CLUSTER,
                new Node("db1-0a1b2c"),
                origin,
                new TimelineId(timeline),
                Lsn.parse(redo),
                new WalPoint(Lsn.parse(redo), time),
                new WalPoint(Lsn.parse(stop), time),
                backupLabel,
                tablespaceMap,
                new FileMode(0700));
    }

    static Header withDirectoryMode(Header header, int mode) {
        return new Header(
                header.label(),
                header.backup(),
                header.parent(),
                header.cluster(),
                header.node(),
                header.origin(),
                header.timeline(),
                header.redo(),
                header.start(),
                header.stop(),
                header.backupLabel(),
                header.tablespaceMap(),
                new FileMode(mode));
    }
}
