package io.tidemark.sinks.testing.s3;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a server answers: a status, fields and a body, which is lent and not copied. */
final class S3Answer {

    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private int status;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private byte[] body = new byte[0];

    private S3Answer(int status) {
        this.status = status;
    }

    static S3Answer of(int status) {
        return new S3Answer(status);
    }

    static S3Answer xml(int status, String text) {
        return text(status, XML + text).with("Content-Type", "application/xml");
    }

    static S3Answer text(int status, String text) {
        return of(status).body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** S3's answer to what it does not do. */
    static S3Answer error(int status, String code) {
        return xml(
                status,
                "<Error><Code>" + code + "</Code><Message>" + code
                        + ", says the test</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>");
    }

    S3Answer with(String field, String value) {
        fields.put(field, value);
        return this;
    }

    S3Answer withAll(Map<String, String> more) {
        fields.putAll(more);
        return this;
    }

    S3Answer as(int other) {
        status = other;
        return this;
    }

    S3Answer body(byte[] content) {
        body = content;
        return this;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    /** The head's bytes, with this length of the body, true or not. */
    byte[] head(long contentLength) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason())
                .append("\r\n");
        fields.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (status != 204 && status != 304 && !fields.containsKey("Content-Length")) {
            head.append("Content-Length: ").append(contentLength).append("\r\n");
        }
        return head.append("x-amz-request-id: 4442587FB7D0A2F9\r\nServer: ScriptedS3\r\n\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private String reason() {
        return status < 300 ? "OK" : status < 400 ? "Elsewhere" : "No";
    }
}
