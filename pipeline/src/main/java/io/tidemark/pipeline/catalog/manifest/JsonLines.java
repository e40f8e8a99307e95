package io.tidemark.pipeline.catalog.manifest;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes JSON as all of the format's lines are written: no blanks, only the escapes that JSON needs, UTF-8. */
final class JsonLines {
    private JsonLines() {}

    /** What stands between an object's braces. */
    interface Fields {
        void writeTo(JsonWriter out) throws IOException;
    }

    /** One object and a newline. */
    static byte[] line(Fields fields) {
        StringWriter text = new StringWriter(256);
        try (JsonWriter out = new JsonWriter(text)) {
            out.setHtmlSafe(false);
            out.setSerializeNulls(true);
            out.beginObject();
            fields.writeTo(out);
            out.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code [pack, offset, stored length, length]}. */
    static void chunk(JsonWriter out, ChunkReference chunk) throws IOException {
        out.beginArray();
        out.value(chunk.pack())
                .value(chunk.offset())
                .value(chunk.storedLength())
                .value(chunk.length());
        out.endArray();
    }
}
