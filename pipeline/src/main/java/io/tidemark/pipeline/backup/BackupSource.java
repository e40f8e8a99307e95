package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.backup.SourceEntry.SourceDirectory;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.LinkTarget;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import io.tidemark.pipeline.catalog.manifest.WalPoint;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A stopped data directory that may be backed up: it and the WAL that a copy of it needs. Methods block on files. */
record BackupSource(DataDirectory directory, WalSpan wal) {
    static BackupSource of(Path path) throws IOException {
        DataDirectory directory = DataDirectory.inspect(path);
        return new BackupSource(directory, WalSpan.of(directory.control(), directory.wal()));
    }

    SourceWalk walk(Consumer<String> warnings) throws IOException {
        return new SourceWalk(directory, wal, warnings);
    }

    /** @throws RefusedForSafety where a server runs or ran meanwhile */
    void requireStillStopped() throws IOException {
        new StoppedServer(directory.root()).require();
        PgControl now = DataDirectory.readControl(directory.root());
        if (!now.equals(directory.control())) {
            throw new RefusedForSafety("pg_control of " + directory.root()
                    + " changed during the backup: a server ran on it, and what was read does not fit together");
        }
    }

    /** Nothing happened in a stopped cluster after its last checkpoint: both ends bear that checkpoint's time. */
    Header header(BackupLabel label, Node node) {
        PgControl control = directory.control();
        return new Header(
                label,
                BackupKind.FULL,
                null,
                directory.facts(),
                node,
                BackupOrigin.STOPPED,
                control.timeline(),
                wal.redo(),
                new WalPoint(wal.redo(), control.checkpointTime()),
                new WalPoint(wal.stop(), control.checkpointTime()),
                null,
                null,
                directory.stat().permissions());
    }

    List<Tablespace> tablespaces() {
        return directory.tablespaces().stream()
                .map(found -> new Tablespace(
                        found.oid(),
                        LinkTarget.of(found.location()),
                        found.inside(),
                        found.stat().permissions()))
                .toList();
    }

    /** Walks once, reading nothing: what a backup would take. */
    BackupPlan plan(Header header) throws IOException {
        long files = 0;
        long directories = 0;
        long bytes = 0;
        List<String> warnings = new ArrayList<>();
        try (SourceWalk walk = walk(warning -> keep(warnings, warning))) {
            for (Optional<SourceWalk.Found> next = walk.next(); next.isPresent(); next = walk.next()) {
                SourceEntry entry = next.get().entry();
                if (entry instanceof SourceFile file) {
                    files++;
                    bytes += file.stat().size();
                } else if (entry instanceof SourceDirectory) {
                    directories++;
                }
            }
        }
        return new BackupPlan(header, tablespaces(), files, directories, bytes, warnings);
    }

    private static void keep(List<String> warnings, String warning) {
        if (warnings.size() < BackupPlan.MAX_WARNINGS) {
            warnings.add(warning);
        }
    }
}
