package io.tidemark.pipeline.catalog.manifest;

import com.google.gson.stream.JsonWriter;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Abandoned;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Capture;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Entry;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Pack;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredDirectory;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredLink;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@link ManifestLine} as one line of JSON, fields in the order of pipeline/README.md, with its newline. */
public final class ManifestLineWriter {
    private ManifestLineWriter() {}

    /** The line's UTF-8, newline included. */
    public static byte[] write(ManifestLine line) {
        return JsonLines.line(out -> {
            out.name("line").value(line.kind().toString());
            switch (line.kind()) {
                case HEADER -> header(out, (Header) line);
                case ABANDONED -> abandoned(out, (Abandoned) line);
                case PACK -> pack(out, (Pack) line);
                case TABLESPACE -> tablespace(out, (Tablespace) line);
                case CAPTURE -> capture(out, (Capture) line);
                case FILE -> entry(out, (Entry) line);
                case FOOTER -> footer(out, (Footer) line);
            }
        });
    }

    private static void header(JsonWriter out, Header header) throws IOException {
        out.name("format").value(1);
        out.name("label").value(header.label().value());
        out.name("backup").value(header.backup().toString());
        out.name("parent")
                .value(header.parent() == null ? null : header.parent().value());
        out.name("cluster");
        cluster(out, header.cluster());
        out.name("node").value(header.node().toString());
        out.name("origin").value(header.origin().toString());
        out.name("timeline").value(header.timeline().toString());
        out.name("redo").value(header.redo().toString());
        point(out, "start", header.start());
        point(out, "stop", header.stop());
        out.name("backupLabel").value(header.backupLabel());
        out.name("tablespaceMap").value(header.tablespaceMap());
        out.name("directoryMode").value(header.directoryMode().toString());
    }

    private static void cluster(JsonWriter out, ClusterFacts cluster) throws IOException {
        out.beginObject();
        out.name("systemIdentifier").value(cluster.systemIdentifier().toString());
        out.name("postgres").value(cluster.postgres());
        out.name("controlVersion").value(cluster.controlVersion());
        out.name("catalogVersion").value(cluster.catalogVersion());
        out.name("segmentSize").value(cluster.segmentSize().bytes());
        out.name("blockSize").value(cluster.blockSize());
        out.name("walBlockSize").value(cluster.walBlockSize());
        out.name("relationSegmentBlocks").value(cluster.relationSegmentBlocks());
        out.name("checksumVersion").value(cluster.checksumVersion());
        out.endObject();
    }

    private static void point(JsonWriter out, String name, WalPoint point) throws IOException {
        out.name(name).beginObject();
        out.name("lsn").value(point.lsn().toString());
        out.name("time").value(UtcTime.format(point.time()));
        out.endObject();
    }

    private static void abandoned(JsonWriter out, Abandoned abandoned) throws IOException {
        out.name("format").value(1);
        out.name("label").value(abandoned.label().value());
        out.name("node").value(abandoned.node().toString());
    }

    private static void pack(JsonWriter out, Pack pack) throws IOException {
        out.name("number").value(pack.number());
        out.name("label").value(pack.label().value());
        out.name("length").value(pack.objectLength());
    }

    private static void tablespace(JsonWriter out, Tablespace tablespace) throws IOException {
        out.name("oid").value(tablespace.oid());
        out.name("location").value(tablespace.location().toString());
        if (tablespace.inside() != null) {
            out.name("inside").value(tablespace.inside().toString());
        }
        out.name("mode").value(tablespace.mode().toString());
    }

    private static void capture(JsonWriter out, Capture capture) throws IOException {
        out.name("node").value(capture.node().toString());
        out.name("capture").value(capture.capture().value());
    }

    private static void entry(JsonWriter out, Entry entry) throws IOException {
        out.name("path").value(entry.path().toString());
        if (entry instanceof StoredFile file) {
            file(out, file);
        } else if (entry instanceof StoredDirectory directory) {
            out.name("kind").value(EntryKind.DIRECTORY.toString());
            out.name("mode").value(directory.mode().toString());
            out.name("mtime").value(UtcTime.format(directory.modified()));
        } else if (entry instanceof StoredLink link) {
            out.name("kind").value(EntryKind.LINK.toString());
            out.name("target").value(link.target().toString());
            out.name("mtime").value(UtcTime.format(link.modified()));
        }
    }

    private static void file(JsonWriter out, StoredFile file) throws IOException {
        RelationSegment relation = file.relation();
        out.name("kind").value((relation == null ? EntryKind.OTHER : EntryKind.RELATION).toString());
        if (relation != null) {
            relation(out, relation);
        }
        out.name("size").value(file.size());
        out.name("mode").value(file.mode().toString());
        out.name("mtime").value(UtcTime.format(file.modified()));
        out.name("state").value(file.state().toString());
        if (file.tdeKey() != null) {
            out.name("key").beginObject();
            capture(out, file.tdeKey());
            out.endObject();
        }
        checksums(out, file.checksums());
        layout(out, file.layout());
    }

    private static void relation(JsonWriter out, RelationSegment relation) throws IOException {
        out.name("relation").beginObject();
        out.name("tablespace").value(relation.locator().tablespace());
        out.name("database").value(relation.locator().database());
        out.name("relation").value(relation.locator().relation());
        out.name("fork").value(Forks.word(relation.fork()));
        out.name("segment").value(relation.segment());
        out.endObject();
    }

    private static void checksums(JsonWriter out, PageChecksums checksums) throws IOException {
        out.name("checksums");
        if (checksums.state() != PageChecksums.State.FAILED) {
            out.value(checksums.state().toString());
            return;
        }
        out.beginObject();
        spans(out, "bad", checksums.bad());
        spans(out, "torn", checksums.torn());
        out.endObject();
    }

    private static void spans(JsonWriter out, String name, List<PageSpan> spans) throws IOException {
        if (spans.isEmpty()) {
            return;
        }
        out.name(name).beginArray();
        for (PageSpan span : spans) {
            out.beginArray().value(span.firstPage()).value(span.count()).endArray();
        }
        out.endArray();
    }

    private static void layout(JsonWriter out, @Nullable ChunkReference layout) throws IOException {
        if (layout != null) {
            out.name("layout");
            JsonLines.chunk(out, layout);
        }
    }

    private static void footer(JsonWriter out, Footer footer) throws IOException {
        out.name("packs").value(footer.packs());
        out.name("tablespaces").value(footer.tablespaces());
        out.name("captures").value(footer.captures());
        out.name("files").value(footer.files());
        out.name("directories").value(footer.directories());
        out.name("links").value(footer.links());
        out.name("bytes").value(footer.bytes());
        out.name("badBlocks").value(footer.badBlocks());
        out.name("sha256").value(footer.sha256());
    }
}
