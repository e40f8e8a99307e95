package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.postgres.WalSegmentName;
import java.util.Locale;
import java.util.regex.Pattern;

/** The spellings that several names of FORMAT.md section 1 share. */
final class Forms {
    static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");
    static final Pattern EIGHT_DIGITS = Pattern.compile("[0-9]{8}");
    /** A name that PostgreSQL gives to archive_command: segment, partial, backup history file, timeline history file. */
    private static final Pattern OFFERED =
            Pattern.compile("[0-9A-F]{24}(\\.partial|\\.[0-9A-F]{8}\\.backup)?|[0-9A-F]{8}\\.history");

    private Forms() {}

    static String segment(SystemIdentifier system, WalSegmentName segment) {
        return run(system, segment) + segment;
    }

    static String run(SystemIdentifier system, WalSegmentName segment) {
        return system + "/wal/" + segment.timeline() + "/" + segment.run() + "/";
    }

    static String backup(SystemIdentifier system, BackupLabel label) {
        return system + "/backup/" + label + "/";
    }

    static String eightDigits(int number) {
        return String.format(Locale.ROOT, "%08d", number);
    }

    static boolean isOffered(String file) {
        return OFFERED.matcher(file).matches();
    }

    /** Only what {@code archive-push} stores is pushed a second time under another name. */
    static boolean mayComeAgain(CatalogName.Kind kind) {
        return switch (kind) {
            case SEGMENT, PARTIAL, AS_FOUND, BACKUP_HISTORY, HISTORY, RIVAL -> true;
            case MARKER,
                    GENERATION,
                    AGAIN,
                    STREAM_PIECE,
                    CAPTURE,
                    CAPTURE_KEYS,
                    INTENT,
                    PACK,
                    MANIFEST,
                    TOMBSTONE,
                    TOMBSTONE_DECISION,
                    INDEX -> false;
        };
    }

    static void requireDigest(String digest) {
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException("no digest of sixteen lower-case hex digits: '" + digest + "'");
        }
    }

    static void requireNumber(String what, int number, int least) {
        if (number < least || number > 99_999_999) {
            throw new IllegalArgumentException("no " + what + " number of eight digits: " + number);
        }
    }
}
