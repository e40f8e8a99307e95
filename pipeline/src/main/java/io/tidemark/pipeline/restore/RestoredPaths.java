package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which entries of a backup come back, and PostgreSQL's own names among them. */
final class RestoredPaths {
    static final FilePath WAL = FilePath.of("pg_wal");
    static final FilePath TABLESPACES = FilePath.of("pg_tblspc");
    static final FilePath AUTO_CONF = FilePath.of("postgresql.auto.conf");
    static final FilePath CONF = FilePath.of("postgresql.conf");
    static final FilePath BACKUP_LABEL = FilePath.of("backup_label");
    static final FilePath TABLESPACE_MAP = FilePath.of("tablespace_map");
    static final FilePath RECOVERY_SIGNAL = FilePath.of("recovery.signal");

    /**
     * What a restore writes itself, or what would make the server believe that it runs, or is a standby. Compared without case, for
     * some file systems do not tell it apart.
     */
    private static final Set<String> NOT_FROM_BACKUP = Set.of(
            "backup_label",
            "tablespace_map",
            "recovery.signal",
            "standby.signal",
            "recovery.conf",
            "postmaster.pid",
            "postmaster.opts",
            RestoreMarker.NAME);

    private RestoredPaths() {}

    static boolean isRestored(ManifestLine.Entry entry) {
        if (entry instanceof ManifestLine.StoredLink link) {
            return link.isMadeAgain();
        }
        return !entry.path().isAtTop()
                || !NOT_FROM_BACKUP.contains(entry.path().name().toLowerCase(Locale.ROOT));
    }

    static boolean isSegmentInWal(FilePath path) {
        return path.isDirectlyBelow(WAL) && WalSegmentName.isName(path.name());
    }

    /** The directory that a path lies in. @throws IllegalArgumentException for one that lies in the data directory itself */
    static FilePath directoryOf(FilePath path) {
        byte[] raw = path.bytes();
        int end = raw.length;
        while (end > 0 && raw[end - 1] != '/') {
            end--;
        }
        return FilePath.ofBytes(Arrays.copyOf(raw, Math.max(0, end - 1)));
    }

    /** What is left of a path below a directory that it lies in. */
    static FilePath below(FilePath directory, FilePath path) {
        byte[] raw = path.bytes();
        return FilePath.ofBytes(Arrays.copyOfRange(raw, directory.bytes().length + 1, raw.length));
    }

    /** Such as {@code 7, 12-15}. */
    static String blocks(List<PageSpan> spans) {
        return spans.stream()
                .map(span -> span.count() == 1
                        ? Long.toString(span.firstPage())
                        : span.firstPage() + "-" + (span.firstPage() + span.count() - 1))
                .collect(Collectors.joining(", "));
    }
}
