package io.tidemark.pipeline.catalog.manifest;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Layout} as it is stored: one line of JSON, {@code {"chunks":[…],"map":[…],"pages":"…","zeros":[…]}}, of which
 * {@code map} and {@code zeros} are left out where empty and {@code pages} where there is no list. The rows of
 * {@code map} and {@code zeros} are differences to the row before, number by number.
 */
public final class LayoutLine {
    private LayoutLine() {}

    /** The line's UTF-8, newline included. */
    public static byte[] write(Layout layout) {
        return JsonLines.line(out -> {
            out.name("chunks").beginArray();
            for (LayoutChunk chunk : layout.chunks()) {
                chunk(out, chunk);
            }
            out.endArray();
            if (!layout.map().isEmpty()) {
                out.name("map");
                rows(out, 4, layout.map().stream().map(LayoutLine::row).toList());
            }
            PageList pages = layout.pages();
            if (pages != null) {
                out.name("pages").value(pages.base64());
            }
            if (!layout.zeros().isEmpty()) {
                out.name("zeros");
                rows(
                        out,
                        2,
                        layout.zeros().stream()
                                .map(span -> new long[] {span.firstPage(), span.count()})
                                .toList());
            }
        });
    }

    /**
     * Reads the line, its newline included. What it holds is not yet checked against a file: {@link Layout#extents}
     * does that.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Layout read(byte[] line) {
        int length = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        if (length > ChunkReference.MAX_LAYOUT_BYTES) {
            throw new IllegalArgumentException(
                    "layout of " + length + " bytes, at most " + ChunkReference.MAX_LAYOUT_BYTES);
        }
        try (JsonReader in = JsonTree.reader(line, length)) {
            Layout layout = layout(in);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("more than one JSON value");
            }
            return layout;
        } catch (IOException | IllegalStateException | ArithmeticException e) {
            throw new IllegalArgumentException("no layout: " + e.getMessage(), e);
        }
    }

    private static Layout layout(JsonReader in) throws IOException {
        List<LayoutChunk> chunks = null;
        List<PageRun> map = null;
        PageList pages = null;
        List<PageSpan> zeros = null;
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            switch (name) {
                case "chunks" -> chunks = once(name, chunks, chunks(in));
                case "map" -> map = once(name, map, map(in));
                case "pages" -> pages = once(name, pages, PageList.ofBase64(in.nextString()));
                case "zeros" -> zeros = once(name, zeros, zeros(in));
                default -> throw new IllegalArgumentException("unknown field '" + name + "'");
            }
        }
        in.endObject();
        if (chunks == null) {
            throw new IllegalArgumentException("field 'chunks' is missing");
        }
        return new Layout(chunks, map == null ? List.of() : map, pages, zeros == null ? List.of() : zeros);
    }

    private static <T> T once(String name, @Nullable T before, T now) {
        if (before != null) {
            throw new IllegalArgumentException("field '" + name + "' twice");
        }
        return now;
    }

    private static List<LayoutChunk> chunks(JsonReader in) throws IOException {
        List<LayoutChunk> chunks = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            bound(chunks.size());
            in.beginArray();
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                chunks.add(new LayoutChunk.Zeros(in.nextLong()));
            } else {
                long[] numbers = {in.nextLong(), in.nextLong(), in.nextLong(), in.nextLong()};
                chunks.add(new LayoutChunk.Stored(ManifestLineReader.chunk(numbers)));
            }
            in.endArray();
        }
        in.endArray();
        return chunks;
    }

    private static List<PageRun> map(JsonReader in) throws IOException {
        List<PageRun> map = new ArrayList<>();
        long[] row = new long[4];
        in.beginArray();
        while (in.hasNext()) {
            bound(map.size());
            next(in, row);
            map.add(new PageRun(row[0], row[1], Math.toIntExact(row[2]), row[3]));
        }
        in.endArray();
        return map;
    }

    private static List<PageSpan> zeros(JsonReader in) throws IOException {
        List<PageSpan> zeros = new ArrayList<>();
        long[] row = new long[2];
        in.beginArray();
        while (in.hasNext()) {
            bound(zeros.size());
            next(in, row);
            zeros.add(new PageSpan(row[0], row[1]));
        }
        in.endArray();
        return zeros;
    }

    private static void next(JsonReader in, long[] row) throws IOException {
        in.beginArray();
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.addExact(row[i], in.nextLong());
        }
        in.endArray();
    }

    private static void bound(int size) {
        if (size >= Layout.MAX_ENTRIES) {
            throw new IllegalArgumentException("layout of more than " + Layout.MAX_ENTRIES + " entries");
        }
    }

    private static void chunk(JsonWriter out, LayoutChunk chunk) throws IOException {
        if (chunk instanceof LayoutChunk.Stored stored) {
            JsonLines.chunk(out, stored.reference());
        } else {
            out.beginArray().nullValue().value(chunk.length()).endArray();
        }
    }

    private static long[] row(PageRun run) {
        return new long[] {run.firstPage(), run.count(), run.chunk(), run.firstInChunk()};
    }

    private static void rows(JsonWriter out, int width, List<long[]> rows) throws IOException {
        long[] before = new long[width];
        out.beginArray();
        for (long[] row : rows) {
            out.beginArray();
            for (int i = 0; i < width; i++) {
                out.value(row[i] - before[i]);
            }
            out.endArray();
            before = row;
        }
        out.endArray();
    }
}
