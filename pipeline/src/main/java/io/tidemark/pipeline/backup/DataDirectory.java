package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ClusterFacts;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stopped data directory, looked at before anything is read from it: where its parts really are, each link resolved
 * once, and what its control file says. All methods block on files.
 *
 * @param root with all links resolved
 * @param wal the directory of WAL segments, links resolved; in {@code root} unless {@code pg_wal} is a link
 * @param tablespaces sorted by oid
 */
record DataDirectory(
        Path root,
        FileStat stat,
        int postgres,
        PgControl control,
        Path wal,
        boolean walIsLink,
        List<TablespaceSource> tablespaces) {
    private static final String WAL = "pg_wal";
    private static final String TABLESPACES = "pg_tblspc";

    /**
     * @throws UsageError where this is no data directory
     * @throws RefusedForSafety where it is not stopped, or laid out so that a backup would miss or repeat something
     * @throws NotInThisVersion where pg_tde keeps keys in it
     */
    static DataDirectory inspect(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new UsageError(directory + " is no directory");
        }
        Path root = directory.toRealPath();
        int postgres = majorVersion(root);
        new StoppedServer(root).require();
        PgControl control = readControl(root);
        requireVersionsAgree(root, postgres, control);
        requireNoKeys(root.resolve("pg_tde"));
        Path wal = root.resolve(WAL);
        if (!Files.isDirectory(wal)) {
            throw new IntegrityFailed(wal + " is no directory, or a link that leads to none");
        }
        DataDirectory found = new DataDirectory(
                root,
                FileStat.of(root),
                postgres,
                control,
                wal.toRealPath(),
                Files.isSymbolicLink(wal),
                tablespaces(root, "PG_" + postgres + "_" + control.catalogVersion()));
        found.requireApart();
        return found;
    }

    /** Reads the control file again. */
    static PgControl readControl(Path root) throws IOException {
        if (!Files.isRegularFile(root.resolve(PgControl.PATH))) {
            throw new UsageError(root + " is no data directory: " + PgControl.PATH + " is missing");
        }
        return PgControl.read(root);
    }

    ClusterFacts facts() {
        return facts(postgres, control);
    }

    /** @param postgres major version, which the control file does not say */
    static ClusterFacts facts(int postgres, PgControl control) {
        return new ClusterFacts(
                new SystemIdentifier(control.systemIdentifier()),
                postgres,
                control.version(),
                control.catalogVersion(),
                control.segmentSize(),
                control.blockSize(),
                control.walBlockSize(),
                control.relationSegmentBlocks(),
                control.checksumVersion());
    }

    private static int majorVersion(Path root) throws IOException {
        Path file = root.resolve("PG_VERSION");
        if (!Files.isRegularFile(file)) {
            throw new UsageError(root + " is no data directory: PG_VERSION is missing");
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!text.matches("[1-9][0-9]{0,2}")) {
            throw new IntegrityFailed(file + " says '" + text + "', which is no version of PostgreSQL");
        }
        return Integer.parseInt(text);
    }

    private static void requireVersionsAgree(Path root, int postgres, PgControl control) {
        boolean agree = switch (control.version()) {
            case 1300 -> postgres >= 13 && postgres <= 16;
            case 1700 -> postgres == 17;
            case 1800 -> postgres == 18;
            default -> false;
        };
        if (!agree) {
            throw new IntegrityFailed(
                    root + ": PG_VERSION says " + postgres + ", the control file is of version " + control.version());
        }
    }

    private static void requireNoKeys(Path pgTde) throws IOException {
        if (!Files.isDirectory(pgTde)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(pgTde)) {
            for (Path file : files) {
                requireNoKeys(FilePath.of("pg_tde").child(FilePath.nameOf(file)));
            }
        }
    }

    /** @throws NotInThisVersion where the file holds keys of pg_tde */
    static void requireNoKeys(FilePath file) {
        if (file.isDirectlyBelow(FilePath.of("pg_tde")) && file.name().contains("_keys")) {
            throw new NotInThisVersion(
                    file + " holds keys of pg_tde: encrypted clusters are not in this version",
                    "nothing was backed up; use pg_tde_basebackup until this is built");
        }
    }

    private static List<TablespaceSource> tablespaces(Path root, String versionDirectory) throws IOException {
        List<TablespaceSource> found = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(root.resolve(TABLESPACES))) {
            for (Path link : links) {
                if (Files.isSymbolicLink(link)) {
                    found.add(tablespace(root, link, versionDirectory));
                }
            }
        }
        found.sort(Comparator.comparingLong(TablespaceSource::oid));
        return found;
    }

    private static TablespaceSource tablespace(Path root, Path link, String versionDirectory) throws IOException {
        String name = link.getFileName().toString();
        if (!name.matches("[1-9][0-9]{0,9}") || Long.parseLong(name) > 0xFFFFFFFFL) {
            throw new RefusedForSafety(link + " is a link that is no tablespace's");
        }
        Path location;
        try {
            location = link.toRealPath();
        } catch (IOException e) {
            throw new RefusedForSafety(
                    "tablespace " + name + ": " + link + " leads nowhere, or in a circle: " + e.getMessage(), e);
        }
        Path content = location.resolve(versionDirectory);
        if (!Files.isDirectory(content)) {
            throw new RefusedForSafety(
                    "tablespace " + name + ": " + location + " has no " + versionDirectory,
                    "is a file system not mounted?");
        }
        boolean inside = location.startsWith(root) && !location.equals(root);
        return new TablespaceSource(
                Long.parseLong(name),
                location,
                content.toRealPath(),
                FileStat.of(location),
                inside ? SourceWalk.pathBelow(root, location) : null);
    }

    // Each file must be reached by one way only, or it would be in the backup twice, or restored into itself.
    private void requireApart() {
        for (TablespaceSource one : tablespaces) {
            requireOutside(one, root, "the data directory");
            if (walIsLink) {
                requireOutside(one, wal, "pg_wal");
            }
            for (TablespaceSource other : tablespaces) {
                if (one.oid() != other.oid()) {
                    requireNotIn(
                            one.content(),
                            other.content(),
                            "tablespace " + one.oid() + " lies in tablespace " + other.oid());
                }
            }
            FilePath inside = one.inside();
            if (inside != null && inside.isBelow(FilePath.of(TABLESPACES))) {
                throw new RefusedForSafety(
                        "tablespace " + one.oid() + " lies at " + one.location() + ", where links of tablespaces are");
            }
        }
        if (walIsLink && wal.startsWith(root)) {
            throw new RefusedForSafety("pg_wal is a link to " + wal + ", which lies in the data directory itself");
        }
    }

    private static void requireOutside(TablespaceSource tablespace, Path directory, String what) {
        requireNotIn(directory, tablespace.content(), what + " lies in tablespace " + tablespace.oid());
    }

    private static void requireNotIn(Path inner, Path outer, String what) {
        if (inner.startsWith(outer)) {
            throw new RefusedForSafety(what + ": " + inner + " is in " + outer);
        }
    }

    /** Where a tablespace's location lies below the data directory, for the one whose location this is. */
    @Nullable
    TablespaceSource tablespaceAt(FilePath path) {
        for (TablespaceSource tablespace : tablespaces) {
            if (path.equals(tablespace.inside())) {
                return tablespace;
            }
        }
        return null;
    }
}
