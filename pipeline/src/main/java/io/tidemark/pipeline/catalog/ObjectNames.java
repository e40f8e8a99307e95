package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.sinks.ObjectName;
import java.util.Optional;

/**
 * Every name that an object of a repository can have, made and read: the table of FORMAT.md section 1. Names are
 * relative to the cluster's root. {@link #parse} knows no other spelling than the one that the factories make.
 */
public final class ObjectNames {
    public static final ObjectName MARKER = ObjectName.of("tidemark.json");

    /** Prefix of all keyset generations. */
    public static final String KEYS = "keys/";

    private ObjectNames() {}

    /** Takes a name apart; empty for what no part of Tidemark ever writes. */
    public static Optional<CatalogName> parse(ObjectName name) {
        return NameParser.parse(name.value());
    }

    public static ObjectName generation(int number) {
        return new CatalogName.KeysetGeneration(number).objectName();
    }

    public static ObjectName segment(SystemIdentifier system, WalSegmentName segment) {
        return new CatalogName.Segment(system, segment).objectName();
    }

    /** @param digest of the bytes found, sixteen hex digits, keyed (FORMAT.md section 1) */
    public static ObjectName partial(SystemIdentifier system, WalSegmentName segment, String digest) {
        return new CatalogName.Partial(system, segment, digest).objectName();
    }

    /** A segment still under pg_tde's encryption. */
    public static ObjectName asFound(SystemIdentifier system, WalSegmentName segment, Node node, String digest) {
        return new CatalogName.AsFound(system, segment, node, digest).objectName();
    }

    /** @param offset of the backup's start in the segment */
    public static ObjectName backupHistory(SystemIdentifier system, WalSegmentName segment, int offset) {
        return new CatalogName.BackupHistory(system, segment, offset).objectName();
    }

    public static ObjectName history(SystemIdentifier system, TimelineId timeline) {
        return new CatalogName.History(system, timeline).objectName();
    }

    /**
     * The name for a file whose own name is held by a foreign object.
     *
     * @throws IllegalArgumentException where {@code original} is nothing that archive-push writes
     */
    public static ObjectName again(ObjectName original, String digest) {
        CatalogName parsed = parse(original)
                .orElseThrow(() -> new IllegalArgumentException("no name of an object: '" + original + "'"));
        return new CatalogName.Again(parsed, digest).objectName();
    }

    /** @param file as PostgreSQL offered it: segment, .partial, .backup or .history */
    public static ObjectName rival(SystemIdentifier system, TimelineId timeline, String file, String digest) {
        return new CatalogName.Rival(system, timeline, file, digest).objectName();
    }

    /** @param end behind the last byte */
    public static ObjectName streamPiece(SystemIdentifier system, TimelineId timeline, Lsn start, Lsn end) {
        return new CatalogName.StreamPiece(system, timeline, start, end).objectName();
    }

    public static ObjectName capture(SystemIdentifier system, Node node, CaptureName capture) {
        return new CatalogName.Capture(system, node, capture).objectName();
    }

    public static ObjectName captureKeys(SystemIdentifier system, Node node, CaptureName capture) {
        return new CatalogName.CaptureKeys(system, node, capture).objectName();
    }

    public static ObjectName intent(SystemIdentifier system, BackupLabel label, int number) {
        return new CatalogName.Intent(system, label, number).objectName();
    }

    public static ObjectName pack(SystemIdentifier system, BackupLabel label, int number) {
        return new CatalogName.Pack(system, label, number).objectName();
    }

    public static ObjectName manifest(SystemIdentifier system, BackupLabel label) {
        return new CatalogName.Manifest(system, label).objectName();
    }

    public static ObjectName tombstone(SystemIdentifier system, BackupLabel label) {
        return new CatalogName.Tombstone(system, label).objectName();
    }

    public static ObjectName tombstoneDecision(SystemIdentifier system, BackupLabel label) {
        return new CatalogName.TombstoneDecision(system, label).objectName();
    }

    /** @param path below {@code index/} */
    public static ObjectName index(String path) {
        return new CatalogName.Index(path).objectName();
    }

    /** Prefix of all WAL of a system, timeline history files included. */
    public static String walPrefix(SystemIdentifier system) {
        return system + "/wal/";
    }

    /** Prefix of one timeline's segments in every form; its history file lies beside it. */
    public static String walPrefix(SystemIdentifier system, TimelineId timeline) {
        return system + "/wal/" + timeline + "/";
    }

    /** Prefix of the directory that a segment lies in, with the others of its run. */
    public static String runPrefix(SystemIdentifier system, WalSegmentName segment) {
        return Forms.run(system, segment);
    }

    /** Prefix of a segment in every form: itself, partial, as found, again, and its backup history files. */
    public static String segmentPrefix(SystemIdentifier system, WalSegmentName segment) {
        return Forms.segment(system, segment);
    }

    public static String partialPrefix(SystemIdentifier system, WalSegmentName segment) {
        return Forms.segment(system, segment) + ".partial.";
    }

    public static String asFoundPrefix(SystemIdentifier system, WalSegmentName segment) {
        return Forms.segment(system, segment) + ".tde.";
    }

    /** Prefix of what was pushed because {@code original}'s name is held by a foreign object. */
    public static String againPrefix(ObjectName original) {
        return original.value() + ".again.";
    }

    public static String rivalPrefix(SystemIdentifier system) {
        return system + "/rival/";
    }

    /** Prefix of all backups of a system. */
    public static String backupPrefix(SystemIdentifier system) {
        return system + "/backup/";
    }

    /** Prefix of everything of one backup. */
    public static String backupPrefix(SystemIdentifier system, BackupLabel label) {
        return Forms.backup(system, label);
    }

    public static String packPrefix(SystemIdentifier system, BackupLabel label) {
        return Forms.backup(system, label) + "pack/";
    }

    public static String intentPrefix(SystemIdentifier system, BackupLabel label) {
        return Forms.backup(system, label) + "intent/";
    }
}
