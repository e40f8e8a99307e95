package io.tidemark.sinks.testing.s3;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that came in.
 *
 * @param bucket of the path, or of the host's first label where the host ends in {@code .localhost}; empty if neither names one
 * @param key decoded; empty for a request about the bucket
 * @param query decoded; a word without value has an empty one
 * @param headers by name in lower case
 */
public record S3Request(
        S3Operation operation,
        String method,
        String bucket,
        String key,
        Map<String, String> query,
        Map<String, String> headers) {

    private static final String VIRTUAL_HOST = ".localhost";

    public S3Request {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    static S3Request of(HttpHead head) throws IOException {
        String[] words = head.firstLine().split(" ");
        if (words.length != 3) {
            throw new IOException("no request line: " + head.firstLine());
        }
        int mark = words[1].indexOf('?');
        String path = decode((mark < 0 ? words[1] : words[1].substring(0, mark)).replace("+", "%2B"));
        Map<String, String> query = mark < 0 ? Map.of() : query(words[1].substring(mark + 1));
        String bucket = virtualHost(head.field("host"));
        String key = path.replaceFirst("^/", "");
        if (bucket.isEmpty()) {
            int slash = key.indexOf('/');
            bucket = slash < 0 ? key : key.substring(0, slash);
            key = slash < 0 ? "" : key.substring(slash + 1);
        }
        S3Operation operation =
                S3Operation.of(words[0], !key.isEmpty(), query, head.fields().containsKey("x-amz-copy-source"));
        return new S3Request(operation, words[0], bucket, key, query, head.fields());
    }

    private static String virtualHost(String host) {
        String name = host.contains(":") ? host.substring(0, host.indexOf(':')) : host;
        return name.endsWith(VIRTUAL_HOST) ? name.substring(0, name.length() - VIRTUAL_HOST.length()) : "";
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new TreeMap<>();
        for (String word : text.split("&")) {
            int equals = word.indexOf('=');
            if (!word.isEmpty()) {
                query.put(
                        decode(equals < 0 ? word : word.substring(0, equals)),
                        equals < 0 ? "" : decode(word.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The value of a header, or empty text. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Who signed it; empty for an anonymous one. The signature is not looked at. */
    public String accessKey() {
        String authorization = header("authorization");
        int credential = authorization.indexOf("Credential=");
        return credential < 0
                ? ""
                : authorization.substring(credential + "Credential=".length(), authorization.indexOf('/', credential));
    }

    @Override
    public String toString() {
        return method + " " + bucket + "/" + key + (query.isEmpty() ? "" : " " + query);
    }
}
