package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CaptureName;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Kind;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One line of JSON into one {@link ManifestLine}; every refusal is an {@link IllegalArgumentException}. */
final class ManifestLineReader {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private ManifestLineReader() {}

    /** @param length how many of the bytes are the line, without its newline */
    static ManifestLine read(byte[] bytes, int length) {
        Fields fields = new Fields(JsonTree.object(bytes, length));
        ManifestLine line = switch (fields.word("line", Kind.class)) {
            case HEADER -> header(fields);
            case ABANDONED -> abandoned(fields);
            case PACK -> pack(fields);
            case TABLESPACE -> tablespace(fields);
            case CAPTURE -> capture(fields);
            case FILE -> entry(fields);
            case FOOTER -> footer(fields);
        };
        fields.end();
        return line;
    }

    private static ManifestLine header(Fields fields) {
        format(fields);
        return new ManifestLine.Header(
                fields.parsed("label", BackupLabel::new),
                fields.word("backup", BackupKind.class),
                fields.isNull("parent") ? null : fields.parsed("parent", BackupLabel::new),
                cluster(fields.object("cluster")),
                fields.parsed("node", Node::new),
                fields.word("origin", BackupOrigin.class),
                fields.parsed("timeline", TimelineId::parse),
                fields.parsed("redo", Lsn::parse),
                point(fields.object("start")),
                point(fields.object("stop")),
                fields.textOrNull("backupLabel"),
                fields.textOrNull("tablespaceMap"),
                fields.parsed("directoryMode", FileMode::parse));
    }

    private static ManifestLine abandoned(Fields fields) {
        format(fields);
        return new ManifestLine.Abandoned(fields.parsed("label", BackupLabel::new), fields.parsed("node", Node::new));
    }

    private static void format(Fields fields) {
        long format = fields.number("format", Long.MIN_VALUE, Long.MAX_VALUE);
        if (format != 1) {
            throw new IllegalArgumentException("format " + format + ", this version knows format 1");
        }
    }

    private static ClusterFacts cluster(Fields fields) {
        ClusterFacts cluster = new ClusterFacts(
                fields.parsed("systemIdentifier", SystemIdentifier::parse),
                fields.integer("postgres", 1, 9999),
                fields.integer("controlVersion", 1, Integer.MAX_VALUE),
                fields.integer("catalogVersion", 1, Integer.MAX_VALUE),
                new WalSegmentSize(fields.integer("segmentSize", 1, Integer.MAX_VALUE)),
                fields.integer("blockSize", 1, Integer.MAX_VALUE),
                fields.integer("walBlockSize", 1, Integer.MAX_VALUE),
                fields.integer("relationSegmentBlocks", 1, Integer.MAX_VALUE),
                fields.integer("checksumVersion", 0, Integer.MAX_VALUE));
        fields.end();
        return cluster;
    }

    private static WalPoint point(Fields fields) {
        WalPoint point = new WalPoint(fields.parsed("lsn", Lsn::parse), fields.time("time"));
        fields.end();
        return point;
    }

    private static ManifestLine pack(Fields fields) {
        return new ManifestLine.Pack(
                fields.integer("number", 1, 99_999_999),
                fields.parsed("label", BackupLabel::new),
                fields.number("length", 1, Long.MAX_VALUE));
    }

    private static ManifestLine tablespace(Fields fields) {
        return new ManifestLine.Tablespace(
                fields.number("oid", 1, 0xFFFFFFFFL),
                fields.parsed("location", LinkTarget::parse),
                fields.has("inside") ? fields.parsed("inside", FilePath::parse) : null,
                fields.parsed("mode", FileMode::parse));
    }

    private static ManifestLine.Capture capture(Fields fields) {
        return new ManifestLine.Capture(fields.parsed("node", Node::new), fields.parsed("capture", CaptureName::new));
    }

    private static ManifestLine entry(Fields fields) {
        FilePath path = fields.parsed("path", FilePath::parse);
        try {
            return switch (fields.word("kind", EntryKind.class)) {
                case RELATION -> file(fields, path, relation(fields.object("relation")));
                case OTHER -> file(fields, path, null);
                case DIRECTORY ->
                    new ManifestLine.StoredDirectory(
                            path, fields.parsed("mode", FileMode::parse), fields.time("mtime"));
                case LINK ->
                    new ManifestLine.StoredLink(path, fields.parsed("target", LinkTarget::parse), fields.time("mtime"));
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + path + "': " + e.getMessage(), e);
        }
    }

    private static RelationSegment relation(Fields fields) {
        RelationSegment relation = new RelationSegment(
                new RelFileLocator(
                        fields.number("tablespace", 1, 0xFFFFFFFFL),
                        fields.number("database", 0, 0xFFFFFFFFL),
                        fields.number("relation", 1, 0xFFFFFFFFL)),
                fields.parsed("fork", Forks::parse),
                fields.integer("segment", 0, Integer.MAX_VALUE));
        fields.end();
        return relation;
    }

    private static ManifestLine.StoredFile file(Fields fields, FilePath path, @Nullable RelationSegment relation) {
        return new ManifestLine.StoredFile(
                path,
                fields.number("size", 0, Long.MAX_VALUE),
                fields.parsed("mode", FileMode::parse),
                fields.time("mtime"),
                relation,
                fields.word("state", FileState.class),
                fields.has("key") ? key(fields.object("key")) : null,
                checksums(fields),
                fields.has("layout") ? chunk(fields.numbers("layout", 4)) : null);
    }

    private static ManifestLine.Capture key(Fields fields) {
        ManifestLine.Capture key = capture(fields);
        fields.end();
        return key;
    }

    private static PageChecksums checksums(Fields fields) {
        if (!fields.isObject("checksums")) {
            return new PageChecksums(fields.word("checksums", PageChecksums.State.class), List.of(), List.of());
        }
        Fields failed = fields.object("checksums");
        PageChecksums checksums = new PageChecksums(
                PageChecksums.State.FAILED,
                failed.has("bad") ? spans(failed, "bad") : List.of(),
                failed.has("torn") ? spans(failed, "torn") : List.of());
        failed.end();
        return checksums;
    }

    private static List<PageSpan> spans(Fields fields, String name) {
        return fields.rows(name, 2).stream()
                .map(row -> new PageSpan(row[0], row[1]))
                .toList();
    }

    static ChunkReference chunk(long[] numbers) {
        return new ChunkReference(
                Math.toIntExact(Math.min(numbers[0], Integer.MAX_VALUE)),
                numbers[1],
                (int) Math.min(numbers[2], Integer.MAX_VALUE),
                (int) Math.min(numbers[3], Integer.MAX_VALUE));
    }

    private static ManifestLine footer(Fields fields) {
        String sha256 = fields.text("sha256");
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("field 'sha256' is no SHA-256 in hex");
        }
        return new ManifestLine.Footer(
                fields.number("packs", 0, Long.MAX_VALUE),
                fields.number("tablespaces", 0, Long.MAX_VALUE),
                fields.number("captures", 0, Long.MAX_VALUE),
                fields.number("files", 0, Long.MAX_VALUE),
                fields.number("directories", 0, Long.MAX_VALUE),
                fields.number("links", 0, Long.MAX_VALUE),
                fields.number("bytes", 0, Long.MAX_VALUE),
                fields.number("badBlocks", 0, Long.MAX_VALUE),
                sha256);
    }
}
