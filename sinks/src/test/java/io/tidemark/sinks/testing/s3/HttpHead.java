package io.tidemark.sinks.testing.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP message: its first line and its fields.
 *
 * @param fields by name in lower case; a repeated one keeps its last value, which is enough for S3
 */
record HttpHead(String firstLine, Map<String, String> fields) {

    private static final int LARGEST = 64 << 10;

    HttpHead {
        fields = Map.copyOf(fields);
    }

    /** Reads a head; null if the peer has closed before its first byte. */
    static @Nullable HttpHead read(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        int read = 0;
        while (true) {
            String line = line(in);
            if (line == null) {
                if (lines.isEmpty()) {
                    return null;
                }
                throw new EOFException("a head without an end");
            }
            read += line.length();
            if (read > LARGEST) {
                throw new IOException("a head of more than " + LARGEST + " bytes");
            }
            if (!line.isEmpty()) {
                lines.add(line);
            } else if (!lines.isEmpty()) {
                return of(lines);
            }
        }
    }

    private static HttpHead of(List<String> lines) {
        Map<String, String> fields = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new HttpHead(lines.get(0), fields);
    }

    /** A line without its end; null at the end of the stream. */
    static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** The value of a field, or empty text. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** The length that the message says its body has; 0 where it says nothing. */
    long contentLength() {
        return fields.containsKey("content-length") ? Long.parseLong(field("content-length")) : 0;
    }
}
