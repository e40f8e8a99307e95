package io.tidemark.it.s3.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP message as it came, so that it can go on unchanged.
 *
 * @param firstLine a request's or an answer's
 * @param fields the lines behind it, without their ends
 */
public record HttpHead(String firstLine, List<String> fields) {
    private static final int LARGEST = 64 << 10;

    public HttpHead {
        fields = List.copyOf(fields);
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
                return new HttpHead(lines.get(0), lines.subList(1, lines.size()));
            }
        }
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

    /** A request's method. */
    public String method() {
        return firstLine.substring(0, firstLine.indexOf(' '));
    }

    /** A request's path, encoded as it came. */
    public String path() {
        String target = target();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** A request's query, encoded as it came; empty where it has none. */
    public String query() {
        String target = target();
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    private String target() {
        return firstLine.split(" ", 3)[1];
    }

    /** An answer's status. */
    int status() {
        return Integer.parseInt(firstLine.split(" ", 3)[1]);
    }

    /** The value of a field, or empty text. */
    public String field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                .map(field -> field.substring(start.length()).strip())
                .findFirst()
                .orElse("");
    }

    /** The same with another value in this field, which is there. */
    public HttpHead with(String name, String value) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return new HttpHead(
                firstLine,
                fields.stream()
                        .map(field -> field.toLowerCase(Locale.ROOT).startsWith(start) ? name + ": " + value : field)
                        .toList());
    }

    /** The length that the message says its body has; -1 where it says none. */
    long contentLength() {
        String length = field("content-length");
        return length.isEmpty() ? -1 : Long.parseLong(length);
    }

    boolean isChunked() {
        return field("transfer-encoding").equalsIgnoreCase("chunked");
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(firstLine).append("\r\n");
        fields.forEach(field -> text.append(field).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
