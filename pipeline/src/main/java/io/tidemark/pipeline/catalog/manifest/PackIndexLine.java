package io.tidemark.pipeline.catalog.manifest;

import java.util.List;

/**
 * One chunk of a pack, in the pack's own index: a backup without a manifest can be understood from it.
 *
 * @param offset of the frame in the pack's content
 * @param storedLength of the frame
 * @param length of what it expands to
 * @param path whose bytes these are
 * @param what part of the file
 */
public record PackIndexLine(long offset, int storedLength, int length, FilePath path, Part what) {
    /** What a chunk is of its file. */
    public sealed interface Part {
        /** Pages in a row from this one on, or the bytes after the last whole page; 0 also for a file without pages. */
        record Pages(long firstPage) implements Part {}

        /** Pages gathered from all over the file, in the order of the chunk. */
        record Gathered(List<PageSpan> spans) implements Part {
            public Gathered {
                spans = List.copyOf(spans);
            }
        }

        /** The file's layout. */
        record FileLayout() implements Part {}
    }

    /** The line's UTF-8, newline included. */
    public byte[] write() {
        return JsonLines.line(out -> {
            out.name("offset").value(offset);
            out.name("stored").value(storedLength);
            out.name("length").value(length);
            out.name("file").value(path.toString());
            if (what instanceof Part.Pages pages) {
                out.name("page").value(pages.firstPage());
            } else if (what instanceof Part.Gathered gathered) {
                out.name("pages").beginArray();
                for (PageSpan span : gathered.spans()) {
                    out.beginArray().value(span.firstPage()).value(span.count()).endArray();
                }
                out.endArray();
            } else {
                out.name("layout").value(true);
            }
        });
    }

    /** @throws IllegalArgumentException saying what is wrong with the line, given without its newline */
    public static PackIndexLine read(byte[] line) {
        Fields fields = new Fields(JsonTree.object(line, line.length));
        PackIndexLine read = new PackIndexLine(
                fields.number("offset", 0, Long.MAX_VALUE),
                fields.integer("stored", 1, Integer.MAX_VALUE),
                fields.integer("length", 1, ChunkReference.MAX_LAYOUT_BYTES),
                fields.parsed("file", FilePath::parse),
                part(fields));
        fields.end();
        return read;
    }

    private static Part part(Fields fields) {
        if (fields.has("page")) {
            return new Part.Pages(fields.number("page", 0, Long.MAX_VALUE));
        }
        if (fields.has("pages")) {
            return new Part.Gathered(fields.rows("pages", 2).stream()
                    .map(row -> new PageSpan(row[0], row[1]))
                    .toList());
        }
        fields.requireTrue("layout");
        return new Part.FileLayout();
    }
}
