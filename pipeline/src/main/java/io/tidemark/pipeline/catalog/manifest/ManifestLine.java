package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CaptureName;
import io.tidemark.pipeline.catalog.Node;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of a manifest. They come in this order: a {@link Header} (or {@link Abandoned}), packs by number, tablespaces
 * by oid, captures by name, then entries of the data directory by the bytes of their path, then the {@link Footer}.
 */
public sealed interface ManifestLine {
    Kind kind();

    /** In the order of the lines. */
    enum Kind {
        HEADER("header"),
        ABANDONED("abandoned"),
        PACK("pack"),
        TABLESPACE("tablespace"),
        CAPTURE("capture"),
        FILE("file"),
        FOOTER("footer");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * What the whole backup is.
     *
     * @param parent of an incremental one
     * @param start where replay of the online backup begins; of a stopped directory the redo point
     * @param stop from where on the copy is consistent; of a stopped directory the end of the last checkpoint
     * @param redo of the checkpoint that a restored server starts from
     * @param timeline at the start
     * @param backupLabel PostgreSQL's file, which restore writes; null for a stopped directory
     * @param tablespaceMap PostgreSQL's file; null where the server gave none
     * @param directoryMode of the data directory itself
     */
    record Header(
            BackupLabel label,
            BackupKind backup,
            @Nullable BackupLabel parent,
            ClusterFacts cluster,
            Node node,
            BackupOrigin origin,
            TimelineId timeline,
            Lsn redo,
            WalPoint start,
            WalPoint stop,
            @Nullable String backupLabel,
            @Nullable String tablespaceMap,
            FileMode directoryMode)
            implements ManifestLine {
        public Header {
            if (backup == BackupKind.ABANDONED || (backup == BackupKind.INCREMENTAL) != (parent != null)) {
                throw new IllegalArgumentException("backup " + label + " of kind " + backup + " with parent " + parent);
            }
            if (stop.lsn().isBefore(redo)) {
                throw new IllegalArgumentException(
                        "backup " + label + " stops at " + stop.lsn() + ", before its redo point " + redo);
            }
        }

        @Override
        public Kind kind() {
            return Kind.HEADER;
        }
    }

    /** In a header's place: nothing was backed up, and nothing will be under this label. */
    record Abandoned(BackupLabel label, Node node) implements ManifestLine {
        @Override
        public Kind kind() {
            return Kind.ABANDONED;
        }
    }

    /**
     * A pack that layouts refer to.
     *
     * @param number unique along a chain of backups: a child's own begin above its parent's
     * @param label of the backup under which the object lies
     * @param objectLength as stored, sealed, in bytes
     */
    record Pack(int number, BackupLabel label, long objectLength) implements ManifestLine {
        public Pack {
            if (number < 1 || number > 99_999_999 || objectLength < 1) {
                throw new IllegalArgumentException("no pack: number " + number + " of " + objectLength + " bytes");
            }
        }

        @Override
        public Kind kind() {
            return Kind.PACK;
        }
    }

    /**
     * A tablespace that is a link in {@code pg_tblspc}.
     *
     * @param location where the link led, links on the way resolved
     * @param inside where the location lies below the data directory itself, if it does
     */
    record Tablespace(
            long oid, LinkTarget location, @Nullable FilePath inside, FileMode mode) implements ManifestLine {
        public Tablespace {
            if (oid < 1 || oid > 0xFFFFFFFFL) {
                throw new IllegalArgumentException("no tablespace oid: " + oid);
            }
            if (!location.isAbsolute()) {
                throw new IllegalArgumentException("tablespace " + oid + " at relative location '" + location + "'");
            }
        }

        /** Where its link stands, {@code pg_tblspc/16400}. */
        public FilePath link() {
            return FilePath.of("pg_tblspc/" + oid);
        }

        @Override
        public Kind kind() {
            return Kind.TABLESPACE;
        }
    }

    /** A capture of pg_tde that a restore needs. */
    record Capture(Node node, CaptureName capture) implements ManifestLine {
        @Override
        public Kind kind() {
            return Kind.CAPTURE;
        }
    }

    /** An entry of the data directory. */
    sealed interface Entry extends ManifestLine permits StoredFile, StoredDirectory, StoredLink {
        FilePath path();

        @Override
        default Kind kind() {
            return Kind.FILE;
        }
    }

    /**
     * A file with content.
     *
     * @param relation null for every other file
     * @param tdeKey of an opened file: which capture holds the key that closes it again
     * @param layout null for an empty file
     */
    record StoredFile(
            FilePath path,
            long size,
            FileMode mode,
            Instant modified,
            @Nullable RelationSegment relation,
            FileState state,
            @Nullable Capture tdeKey,
            PageChecksums checksums,
            @Nullable ChunkReference layout)
            implements Entry {
        public StoredFile {
            if (size < 0 || (size == 0) != (layout == null)) {
                throw new IllegalArgumentException("file '" + path + "' of " + size + " bytes "
                        + (layout == null ? "without" : "with") + " a layout");
            }
            if ((state == FileState.OPENED) != (tdeKey != null)) {
                throw new IllegalArgumentException("file '" + path + "' of state " + state + " with key " + tdeKey);
            }
        }

        /** A file stored as it lay, plain. */
        public static StoredFile plain(
                FilePath path,
                long size,
                FileMode mode,
                Instant modified,
                @Nullable RelationSegment relation,
                PageChecksums checksums,
                @Nullable ChunkReference layout) {
            return new StoredFile(path, size, mode, modified, relation, FileState.PLAIN, null, checksums, layout);
        }

        /** The same file, its checksums judged anew. */
        public StoredFile withChecksums(PageChecksums judged) {
            return new StoredFile(path, size, mode, modified, relation, state, tdeKey, judged, layout);
        }

        public Optional<ChunkReference> layoutReference() {
            return Optional.ofNullable(layout);
        }
    }

    record StoredDirectory(FilePath path, FileMode mode, Instant modified) implements Entry {}

    /** A symbolic link. Only those of tablespaces and {@code pg_wal} are made again; nothing lies below any other. */
    record StoredLink(FilePath path, LinkTarget target, Instant modified) implements Entry {
        /** {@code pg_wal}, or a tablespace's. */
        public boolean isMadeAgain() {
            return isWal() || isTablespace();
        }

        public boolean isWal() {
            return path.equals(PG_WAL);
        }

        public boolean isTablespace() {
            return path.isDirectlyBelow(PG_TBLSPC);
        }

        private static final FilePath PG_WAL = FilePath.of("pg_wal");
        private static final FilePath PG_TBLSPC = FilePath.of("pg_tblspc");
    }

    /**
     * What must have come before, counted.
     *
     * @param bytes of all files together
     * @param badBlocks in all files together
     * @param sha256 of all lines before this one, newlines included, in hex
     */
    record Footer(
            long packs,
            long tablespaces,
            long captures,
            long files,
            long directories,
            long links,
            long bytes,
            long badBlocks,
            String sha256)
            implements ManifestLine {
        @Override
        public Kind kind() {
            return Kind.FOOTER;
        }
    }
}
