package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.sinks.ObjectName;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a name of FORMAT.md section 1 says, taken apart; {@link #objectName()} puts it together again. {@code digest} is
 * sixteen lower-case hex digits, {@code offset} a backup history file's eight upper-case ones.
 */
public sealed interface CatalogName {
    Kind kind();

    /** The object's name below the root. */
    ObjectName objectName();

    /** One for each row of FORMAT.md's table. */
    enum Kind {
        MARKER,
        GENERATION,
        SEGMENT,
        PARTIAL,
        AS_FOUND,
        BACKUP_HISTORY,
        HISTORY,
        AGAIN,
        RIVAL,
        STREAM_PIECE,
        CAPTURE,
        CAPTURE_KEYS,
        INTENT,
        PACK,
        MANIFEST,
        TOMBSTONE,
        TOMBSTONE_DECISION,
        INDEX
    }

    /** {@code tidemark.json}. */
    record Marker() implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.MARKER;
        }

        @Override
        public ObjectName objectName() {
            return ObjectNames.MARKER;
        }
    }

    /** {@code keys/<generation>.json}, 1 to 99 999 999. */
    record KeysetGeneration(int number) implements CatalogName {
        public KeysetGeneration {
            Forms.requireNumber("generation", number, 1);
        }

        @Override
        public Kind kind() {
            return Kind.GENERATION;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of("keys/" + Forms.eightDigits(number) + ".json");
        }
    }

    /** A whole WAL segment. */
    record Segment(SystemIdentifier system, WalSegmentName segment) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.SEGMENT;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(Forms.segment(system, segment));
        }
    }

    /** {@code <segment>.partial.<digest>}. */
    record Partial(SystemIdentifier system, WalSegmentName segment, String digest) implements CatalogName {
        public Partial {
            Forms.requireDigest(digest);
        }

        @Override
        public Kind kind() {
            return Kind.PARTIAL;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(Forms.segment(system, segment) + ".partial." + digest);
        }
    }

    /** {@code <segment>.tde.<node>.<digest>}: a segment still under pg_tde's encryption. */
    record AsFound(SystemIdentifier system, WalSegmentName segment, Node node, String digest) implements CatalogName {
        public AsFound {
            Forms.requireDigest(digest);
        }

        @Override
        public Kind kind() {
            return Kind.AS_FOUND;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(Forms.segment(system, segment) + ".tde." + node + "." + digest);
        }
    }

    /** {@code <segment>.<offset>.backup}, where {@code offset} is the start's offset in the segment. */
    record BackupHistory(SystemIdentifier system, WalSegmentName segment, int offset) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.BACKUP_HISTORY;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(Forms.segment(system, segment) + String.format(Locale.ROOT, ".%08X.backup", offset));
        }
    }

    /** {@code <timeline>.history}. */
    record History(SystemIdentifier system, TimelineId timeline) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.HISTORY;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/wal/" + timeline + ".history");
        }
    }

    /** {@code <name>.again.<digest>}: the same file, where {@code <name>} is held by a foreign object. */
    record Again(CatalogName original, String digest) implements CatalogName {
        public Again {
            Forms.requireDigest(digest);
            if (!Forms.mayComeAgain(original.kind())) {
                throw new IllegalArgumentException("no .again. object of " + original.objectName());
            }
        }

        @Override
        public Kind kind() {
            return Kind.AGAIN;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(original.objectName().value() + ".again." + digest);
        }
    }

    /** A file that came with other content than the one stored; {@code file} as PostgreSQL offered it. */
    record Rival(SystemIdentifier system, TimelineId timeline, String file, String digest) implements CatalogName {
        public Rival {
            Forms.requireDigest(digest);
            if (!Forms.isOffered(file) || !file.startsWith(timeline.toString())) {
                throw new IllegalArgumentException("no file of timeline " + timeline + ": '" + file + "'");
            }
        }

        @Override
        public Kind kind() {
            return Kind.RIVAL;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/rival/" + timeline + "/" + file + "." + digest);
        }
    }

    /** A piece of streamed WAL: {@code <start LSN>-<end LSN>}, the end behind the last byte. */
    record StreamPiece(SystemIdentifier system, TimelineId timeline, Lsn start, Lsn end) implements CatalogName {
        public StreamPiece {
            if (!start.isBefore(end)) {
                throw new IllegalArgumentException("no piece of a stream: " + start + " to " + end);
            }
        }

        @Override
        public Kind kind() {
            return Kind.STREAM_PIECE;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/stream/" + timeline + "/" + start.hex16() + "-" + end.hex16());
        }
    }

    /** A capture of one node's {@code pg_tde/}. */
    record Capture(SystemIdentifier system, Node node, CaptureName capture) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.CAPTURE;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/tde/" + node + "/" + capture);
        }
    }

    /** A capture's internal keys, unwrapped. */
    record CaptureKeys(SystemIdentifier system, Node node, CaptureName capture) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.CAPTURE_KEYS;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/tde-keys/" + node + "/" + capture);
        }
    }

    /** A running backup's intent; the highest number counts. */
    record Intent(SystemIdentifier system, BackupLabel label, int number) implements CatalogName {
        public Intent {
            Forms.requireNumber("intent", number, 0);
        }

        @Override
        public Kind kind() {
            return Kind.INTENT;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(Forms.backup(system, label) + "intent/" + Forms.eightDigits(number));
        }
    }

    /** Chunks of a backup: {@code pack/<nn>/<nnnnnnnn>}. */
    record Pack(SystemIdentifier system, BackupLabel label, int number) implements CatalogName {
        public Pack {
            Forms.requireNumber("pack", number, 0);
        }

        @Override
        public Kind kind() {
            return Kind.PACK;
        }

        @Override
        public ObjectName objectName() {
            String digits = Forms.eightDigits(number);
            return ObjectName.of(Forms.backup(system, label) + "pack/" + digits.substring(6) + "/" + digits);
        }
    }

    /** The backup itself, written last. */
    record Manifest(SystemIdentifier system, BackupLabel label) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.MANIFEST;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(Forms.backup(system, label) + "manifest");
        }
    }

    /** A backup that is being removed. */
    record Tombstone(SystemIdentifier system, BackupLabel label) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.TOMBSTONE;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/tombstone/" + label);
        }
    }

    /** Whether it is removed, or the removal undone. */
    record TombstoneDecision(SystemIdentifier system, BackupLabel label) implements CatalogName {
        @Override
        public Kind kind() {
            return Kind.TOMBSTONE_DECISION;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of(system + "/tombstone/" + label + ".decision");
        }
    }

    /** A cache below {@code index/}: proves nothing. */
    record Index(String path) implements CatalogName {
        private static final Pattern PARTS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");

        public Index {
            if (!PARTS.matcher(path).matches()) {
                throw new IllegalArgumentException("no name of an index object: '" + path + "'");
            }
        }

        @Override
        public Kind kind() {
            return Kind.INDEX;
        }

        @Override
        public ObjectName objectName() {
            return ObjectName.of("index/" + path);
        }
    }
}
