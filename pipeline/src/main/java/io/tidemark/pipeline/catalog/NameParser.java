package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the names of FORMAT.md section 1. A candidate is built from the name's parts and counts only if it spells the
 * same name again, so that there is one spelling of each.
 */
final class NameParser {
    private static final Pattern AGAIN = Pattern.compile("(.+)\\.again\\.([0-9a-f]{16})");
    private static final Pattern PARTIAL = Pattern.compile("([0-9A-F]{24})\\.partial\\.([0-9a-f]{16})");
    private static final Pattern AS_FOUND = Pattern.compile("([0-9A-F]{24})\\.tde\\.([a-z0-9-]+)\\.([0-9a-f]{16})");
    private static final Pattern BACKUP_HISTORY = Pattern.compile("([0-9A-F]{24})\\.([0-9A-F]{8})\\.backup");
    private static final Pattern HISTORY = Pattern.compile("([0-9A-F]{8})\\.history");
    private static final Pattern RIVAL = Pattern.compile("(.+)\\.([0-9a-f]{16})");
    private static final Pattern PIECE = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})");
    private static final Pattern GENERATION = Pattern.compile("([0-9]{8})\\.json");
    private static final String DECISION = ".decision";

    private NameParser() {}

    static Optional<CatalogName> parse(String name) {
        try {
            return candidate(name).filter(parsed -> parsed.objectName().value().equals(name));
        } catch (IllegalArgumentException refusedByAPart) {
            return Optional.empty();
        }
    }

    private static Optional<CatalogName> candidate(String name) {
        Matcher again = AGAIN.matcher(name);
        if (again.matches()) {
            return candidate(again.group(1)).map(original -> new CatalogName.Again(original, again.group(2)));
        }
        if (name.equals(ObjectNames.MARKER.value())) {
            return Optional.of(new CatalogName.Marker());
        }
        if (name.startsWith("index/")) {
            return Optional.of(new CatalogName.Index(name.substring("index/".length())));
        }
        String[] parts = name.split("/", -1);
        if (parts.length == 2 && parts[0].equals("keys")) {
            Matcher generation = GENERATION.matcher(parts[1]);
            return generation.matches()
                    ? Optional.of(new CatalogName.KeysetGeneration(Integer.parseInt(generation.group(1))))
                    : Optional.empty();
        }
        return parts.length < 3 || !SystemIdentifier.isDecimal(parts[0])
                ? Optional.empty()
                : ofSystem(SystemIdentifier.parse(parts[0]), parts);
    }

    private static Optional<CatalogName> ofSystem(SystemIdentifier system, String[] parts) {
        String last = parts[parts.length - 1];
        return switch (parts[1] + " " + parts.length) {
            case "wal 3" -> history(system, last);
            case "wal 5" -> wal(system, last);
            case "rival 4" -> rival(system, parts[2], last);
            case "stream 4" -> piece(system, TimelineId.parse(parts[2]), last);
            case "tde 4" -> Optional.of(new CatalogName.Capture(system, new Node(parts[2]), new CaptureName(last)));
            case "tde-keys 4" ->
                Optional.of(new CatalogName.CaptureKeys(system, new Node(parts[2]), new CaptureName(last)));
            case "backup 4", "backup 5", "backup 6" -> backup(system, new BackupLabel(parts[2]), parts);
            case "tombstone 3" -> Optional.of(tombstone(system, last));
            default -> Optional.empty();
        };
    }

    private static Optional<CatalogName> history(SystemIdentifier system, String file) {
        Matcher history = HISTORY.matcher(file);
        return history.matches()
                ? Optional.of(new CatalogName.History(system, TimelineId.parse(history.group(1))))
                : Optional.empty();
    }

    // the directories before the file repeat its first digits: the spelling test of parse() holds them
    private static Optional<CatalogName> wal(SystemIdentifier system, String file) {
        if (WalSegmentName.isName(file)) {
            return Optional.of(new CatalogName.Segment(system, WalSegmentName.parse(file)));
        }
        Matcher partial = PARTIAL.matcher(file);
        if (partial.matches()) {
            return Optional.of(
                    new CatalogName.Partial(system, WalSegmentName.parse(partial.group(1)), partial.group(2)));
        }
        Matcher asFound = AS_FOUND.matcher(file);
        if (asFound.matches()) {
            return Optional.of(new CatalogName.AsFound(
                    system, WalSegmentName.parse(asFound.group(1)), new Node(asFound.group(2)), asFound.group(3)));
        }
        Matcher backup = BACKUP_HISTORY.matcher(file);
        return backup.matches()
                ? Optional.of(new CatalogName.BackupHistory(
                        system, WalSegmentName.parse(backup.group(1)), Integer.parseUnsignedInt(backup.group(2), 16)))
                : Optional.empty();
    }

    private static Optional<CatalogName> rival(SystemIdentifier system, String timeline, String file) {
        Matcher rival = RIVAL.matcher(file);
        return rival.matches()
                ? Optional.of(new CatalogName.Rival(system, TimelineId.parse(timeline), rival.group(1), rival.group(2)))
                : Optional.empty();
    }

    private static Optional<CatalogName> piece(SystemIdentifier system, TimelineId timeline, String range) {
        Matcher piece = PIECE.matcher(range);
        return piece.matches()
                ? Optional.of(new CatalogName.StreamPiece(
                        system, timeline, Lsn.fromHex16(piece.group(1)), Lsn.fromHex16(piece.group(2))))
                : Optional.empty();
    }

    private static Optional<CatalogName> backup(SystemIdentifier system, BackupLabel label, String[] parts) {
        String last = parts[parts.length - 1];
        if (parts.length == 4) {
            return last.equals("manifest") ? Optional.of(new CatalogName.Manifest(system, label)) : Optional.empty();
        }
        if (!Forms.EIGHT_DIGITS.matcher(last).matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(last);
        return switch (parts[3] + " " + parts.length) {
            case "intent 5" -> Optional.of(new CatalogName.Intent(system, label, number));
            case "pack 6" -> Optional.of(new CatalogName.Pack(system, label, number));
            default -> Optional.empty();
        };
    }

    private static CatalogName tombstone(SystemIdentifier system, String last) {
        return last.endsWith(DECISION)
                ? new CatalogName.TombstoneDecision(
                        system, new BackupLabel(last.substring(0, last.length() - DECISION.length())))
                : new CatalogName.Tombstone(system, new BackupLabel(last));
    }
}
