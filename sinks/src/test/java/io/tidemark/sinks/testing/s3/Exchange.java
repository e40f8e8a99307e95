package io.tidemark.sinks.testing.s3;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request and its answer, on one connection. Used by that connection's thread alone. */
final class Exchange {

    private final S3Request request;
    private final Performer performer;
    private final InputStream in;
    private final OutputStream out;
    private byte @Nullable [] body;
    private boolean open = true;

    /** Does what is asked. */
    interface Performer {
        S3Answer perform(S3Request request, byte[] body);
    }

    Exchange(S3Request request, Performer performer, InputStream in, OutputStream out) throws IOException {
        this.request = request;
        this.performer = performer;
        this.in = in;
        this.out = out;
        if (request.header("expect").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private long contentLength() {
        String length = request.header("content-length");
        return length.isEmpty() ? 0 : Long.parseLong(length);
    }

    void readBody() throws IOException {
        if (body == null) {
            body = in.readNBytes(Math.toIntExact(contentLength()));
            if (body.length < contentLength()) {
                throw new EOFException("the client went away in its body");
            }
        }
    }

    void skipBody(long bytes) throws IOException {
        in.skipNBytes(Math.min(bytes, contentLength()));
    }

    /** Reads what is left to read and does the request. */
    S3Answer perform() throws IOException {
        readBody();
        if (!request.header("x-amz-content-sha256").startsWith("STREAMING-")) {
            return performer.perform(request, body);
        }
        Map<String, String> headers = new TreeMap<>(request.headers());
        byte[] decoded = unchunk(new ByteArrayInputStream(body), headers);
        return performer.perform(
                new S3Request(
                        request.operation(),
                        request.method(),
                        request.bucket(),
                        request.key(),
                        request.query(),
                        headers),
                decoded);
    }

    /** S3's own chunks: a size in hex, perhaps a signature, the bytes; behind the last one trailing headers. */
    private static byte[] unchunk(InputStream chunked, Map<String, String> trailers) throws IOException {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        while (true) {
            String line = HttpHead.line(chunked);
            if (line == null) {
                throw new EOFException("no last chunk");
            }
            int size = Integer.parseInt(line.replaceFirst(";.*", ""), 16);
            if (size == 0) {
                break;
            }
            decoded.write(chunked.readNBytes(size));
            HttpHead.line(chunked);
        }
        for (String line = HttpHead.line(chunked); line != null && !line.isEmpty(); line = HttpHead.line(chunked)) {
            int colon = line.indexOf(':');
            trailers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return decoded.toByteArray();
    }

    /** Sends an answer whole. To HEAD its body stays unsent and its length is told. */
    void send(S3Answer answer) throws IOException {
        sendAs(answer, 0);
    }

    /** The same, with a length that says more than there is. */
    void sendAs(S3Answer answer, long more) throws IOException {
        out.write(answer.head(answer.body().length + more));
        if (!request.method().equals("HEAD")) {
            out.write(answer.body());
        }
        out.flush();
    }

    void sendPart(S3Answer answer, int bytes) throws IOException {
        out.write(answer.head(answer.body().length));
        out.write(answer.body(), 0, Math.min(bytes, answer.body().length));
        out.flush();
    }

    /** Waits until the client, or the test, ends the connection. */
    void stall() throws IOException {
        while (in.read() >= 0) {
            // whatever it says, there is no answer
        }
        open = false;
    }

    void close() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }
}
